package cloud.sealer.cli;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.List;
import java.util.stream.Stream;

/**
 * Decides what a test does without the tools it needs: it is skipped, or fails where they are
 * promised.
 */
final class RealTools {
  private RealTools() {}

  static void require(String... programs) {
    List<String> missing = Stream.of(programs).filter(program -> !Program.exists(program)).toList();
    if (missing.isEmpty()) {
      return;
    }
    String reason = "not installed: " + String.join(", ", missing);
    if (Boolean.getBoolean("sealer.real")) {
      fail(reason);
    }
    abort(reason);
  }
}
