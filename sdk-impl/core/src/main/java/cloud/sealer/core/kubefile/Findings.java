package cloud.sealer.core.kubefile;

import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SourcePosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The mistakes found in a Kubefile so far. */
final class Findings {
  private static final int SHOWN = 10;
  private static final int MAX_TEXT = 80;
  private static final int MAX_MESSAGE = 400;
  private static final Comparator<Diagnostic> BY_PLACE =
      Comparator.comparingInt((Diagnostic finding) -> finding.position().line())
          .thenComparingInt(finding -> finding.position().column());

  private final List<Diagnostic> all = new ArrayList<>();

  /** Adds a mistake in a part of a line. */
  void error(Line line, Word part, String message, String remedy) {
    error(line.position(part), part.text(), message, remedy);
  }

  void error(SourcePosition position, String text, String message, String remedy) {
    all.add(diagnostic(position, text, message, remedy));
  }

  /** Throws all mistakes as one exception, if there is any. */
  void throwIfAny() {
    if (!all.isEmpty()) {
      throw exception(all);
    }
  }

  static SealerException exception(List<Diagnostic> findings) {
    List<Diagnostic> sorted = findings.stream().sorted(BY_PLACE).toList();
    String message =
        sorted.stream().limit(SHOWN).map(Diagnostic::toString).collect(Collectors.joining("\n"));
    if (sorted.size() > SHOWN) {
      message += "\nand " + (sorted.size() - SHOWN) + " more mistakes";
    }
    return SealerException.builder(ErrorCode.INVALID_KUBEFILE, message).diagnostics(sorted).build();
  }

  static Diagnostic diagnostic(
      SourcePosition position, String text, String message, String remedy) {
    return new Diagnostic(
        Diagnostic.Severity.ERROR,
        position,
        clean(text, MAX_TEXT),
        clean(message, MAX_MESSAGE),
        clean(remedy, MAX_MESSAGE));
  }

  /** The text in double quotes, short and on one line. */
  static String quote(String text) {
    return '"' + clean(text, MAX_TEXT) + '"';
  }

  /** Shortens, and makes visible what would break the line or a terminal. */
  private static String clean(String text, int max) {
    StringBuilder result = new StringBuilder();
    int count = 0;
    for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
      if (count++ == max) {
        return result.append('…').toString();
      }
      int c = text.codePointAt(i);
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        result.append(String.format("\\u%04x", c));
      } else {
        result.appendCodePoint(c);
      }
    }
    return result.toString();
  }
}
