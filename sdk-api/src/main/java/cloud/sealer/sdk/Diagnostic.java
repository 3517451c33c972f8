package cloud.sealer.sdk;

import java.util.Objects;

/**
 * One finding in a text the user wrote: what, where, and how to mend it.
 *
 * @param severity whether the text can be used all the same
 * @param position where it stands
 * @param text the offending text, possibly shortened
 * @param message what is wrong, as one sentence without the position
 * @param remedy what to write instead; empty if the message says it
 */
public record Diagnostic(
    Severity severity, SourcePosition position, String text, String message, String remedy) {
  /** How much a finding matters. */
  public enum Severity {
    /** The text cannot be used. */
    ERROR,
    /** The text can be used but probably does not mean what its author thinks. */
    WARNING
  }

  /** Checks the parts. */
  public Diagnostic {
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(position, "position");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(remedy, "remedy");
  }

  /** Returns {@code file:line:column: message; remedy}, on one line. */
  @Override
  public String toString() {
    String kind = severity == Severity.WARNING ? "warning: " : "";
    return position + ": " + kind + message + (remedy.isEmpty() ? "" : "; " + remedy);
  }
}
