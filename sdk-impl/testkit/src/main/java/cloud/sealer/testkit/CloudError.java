package cloud.sealer.testkit;

/** An error that an {@link EmbeddedCloud} answers. */
final class CloudError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  CloudError(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  static CloudError notFound(String what, String id) {
    return new CloudError(404, what + ".NotFound", "there is no " + id);
  }

  static CloudError wrong(String code, String message) {
    return new CloudError(400, code, message);
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }
}
