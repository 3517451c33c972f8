package cloud.sealer.core.discovery;

/** A document is no YAML or JSON, or too large to be read as such. Never leaves the package. */
final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableException(String message) {
    super(message);
  }

  UnreadableException(String message, Throwable cause) {
    super(message, cause);
  }
}
