package cloud.sealer.core.registry;

/**
 * The value of an {@code Authorization} header and the only origin that may see it. Not a record:
 * secret.
 */
final class Authorization {
  private final Origin origin;
  private final String header;

  Authorization(Origin origin, String header) {
    this.origin = origin;
    this.header = header;
  }

  Origin origin() {
    return origin;
  }

  String header() {
    return header;
  }

  boolean isBasic() {
    return header.startsWith("Basic ");
  }

  @Override
  public String toString() {
    return "authorization for " + origin.authority();
  }
}
