package cloud.sealer.testkit;

/** Ends a request with an error of the distribution specification. */
final class RegistryError extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  RegistryError(int status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  static RegistryError unknownName(String repository) {
    return new RegistryError(404, "NAME_UNKNOWN", "no repository " + repository);
  }

  static RegistryError unknownBlob(Object digest) {
    return new RegistryError(404, "BLOB_UNKNOWN", "no blob " + digest);
  }

  static RegistryError unknownManifest(String reference) {
    return new RegistryError(404, "MANIFEST_UNKNOWN", "no manifest " + reference);
  }

  static RegistryError unknownUpload(String id) {
    return new RegistryError(404, "BLOB_UPLOAD_UNKNOWN", "no upload " + id);
  }

  static RegistryError badDigest(String message) {
    return new RegistryError(400, "DIGEST_INVALID", message);
  }

  static RegistryError unsupported(String method) {
    return new RegistryError(405, "UNSUPPORTED", method + " is not supported here");
  }

  int status() {
    return status;
  }

  /** The body, as the specification's clause on error codes has it. */
  String json() {
    return "{\"errors\":[{\"code\":"
        + JsonText.quoted(code)
        + ",\"message\":"
        + JsonText.quoted(String.valueOf(getMessage()))
        + "}]}";
  }
}
