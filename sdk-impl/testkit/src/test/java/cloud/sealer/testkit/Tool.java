package cloud.sealer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Programs of the machine that prove interoperability. */
final class Tool {
  private Tool() {}

  /** Skips the test without the program, or fails it where real components are demanded. */
  static void require(String... programs) {
    for (String program : programs) {
      require(isInstalled(program), program + " is not installed");
    }
  }

  static void require(boolean there, String reason) {
    if (!there && Boolean.getBoolean("sealer.real")) {
      fail(reason);
    }
    assumeTrue(there, reason);
  }

  private static boolean isInstalled(String program) {
    try {
      return new ProcessBuilder("sh", "-c", "command -v " + program).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Runs a command to its end and gives what it printed. */
  static String run(Path directory, String... command) throws IOException, InterruptedException {
    Path log = Files.createTempFile(directory, "output", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(String.join(" ", command)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String output = Files.readString(log, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(String.join(" ", command) + "\n" + output).isZero();
    return output;
  }
}
