package cloud.sealer.core.kubefile;

import cloud.sealer.core.finding.Diagnostics;
import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SourcePosition;
import java.util.ArrayList;
import java.util.List;

/** The mistakes found in a Kubefile so far. */
final class Findings {
  private final List<Diagnostic> all = new ArrayList<>();

  /** Adds a mistake in a part of a line. */
  void error(Line line, Word part, String message, String remedy) {
    error(line.position(part), part.text(), message, remedy);
  }

  void error(SourcePosition position, String text, String message, String remedy) {
    all.add(Diagnostics.of(Diagnostic.Severity.ERROR, position, text, message, remedy));
  }

  /** Throws all mistakes as one exception, if there is any. */
  void throwIfAny() {
    Diagnostics.throwIfAny(ErrorCode.INVALID_KUBEFILE, all);
  }
}
