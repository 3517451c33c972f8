package cloud.sealer.core.finding;

import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.Diagnostic.Severity;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SourcePosition;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Diagnostics that fit on a line each, and the one exception that has all of them. */
public final class Diagnostics {
  private static final int SHOWN = 10;
  private static final int MAX_TEXT = 80;
  private static final int MAX_MESSAGE = 400;
  private static final Comparator<Diagnostic> BY_PLACE =
      Comparator.comparingInt((Diagnostic finding) -> finding.position().line())
          .thenComparingInt(finding -> finding.position().column());

  private Diagnostics() {}

  /** A diagnostic whose texts are short and have no line breaks. */
  public static Diagnostic of(
      Severity severity, SourcePosition position, String text, String message, String remedy) {
    return new Diagnostic(
        severity,
        position,
        clean(text, MAX_TEXT),
        clean(message, MAX_MESSAGE),
        clean(remedy, MAX_MESSAGE));
  }

  /** Those of a severity in the order of their places, each once. */
  public static List<Diagnostic> sorted(Collection<Diagnostic> all, Severity severity) {
    return all.stream()
        .filter(finding -> finding.severity() == severity)
        .sorted(BY_PLACE)
        .distinct()
        .toList();
  }

  /**
   * Throws all mistakes as one exception, if there is any.
   *
   * @param code what the text is
   * @param all what was found; warnings are left out
   */
  public static void throwIfAny(ErrorCode code, Collection<Diagnostic> all) {
    List<Diagnostic> errors = sorted(all, Severity.ERROR);
    if (!errors.isEmpty()) {
      throw exception(code, errors);
    }
  }

  /** The exception of some mistakes, in their order. */
  public static SealerException exception(ErrorCode code, List<Diagnostic> errors) {
    String message =
        errors.stream().limit(SHOWN).map(Diagnostic::toString).collect(Collectors.joining("\n"));
    if (errors.size() > SHOWN) {
      message += "\nand " + (errors.size() - SHOWN) + " more mistakes";
    }
    return SealerException.builder(code, message).diagnostics(errors).build();
  }

  /** The text in double quotes, short and on one line. */
  public static String quote(String text) {
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
