package cloud.sealer.sdk;

/** In which form a software bill of materials is written. */
public enum SbomFormat {
  /**
   * <a href="https://spdx.github.io/spdx-spec/v2.3/">SPDX 2.3</a> as JSON; {@code
   * application/spdx+json}.
   */
  SPDX("application/spdx+json"),
  /**
   * <a href="https://cyclonedx.org/docs/1.6/json/">CycloneDX 1.6</a> as JSON; {@code
   * application/vnd.cyclonedx+json}.
   */
  CYCLONEDX("application/vnd.cyclonedx+json");

  private final MediaType mediaType;

  SbomFormat(String mediaType) {
    this.mediaType = new MediaType(mediaType);
  }

  /**
   * The media type of such a document.
   *
   * @return the type as IANA has it registered
   */
  public MediaType mediaType() {
    return mediaType;
  }
}
