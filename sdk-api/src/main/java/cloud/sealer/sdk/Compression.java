package cloud.sealer.sdk;

/**
 * How the layers of an image are compressed. Collected container images are never compressed again.
 */
public enum Compression {
  /**
   * Zstandard: gzip's size at a fraction of its cost. Read by containerd, docker 23, skopeo,
   * buildah.
   */
  ZSTD(MediaType.OCI_LAYER_ZSTD),
  /** gzip: read by everything. */
  GZIP(MediaType.OCI_LAYER_GZIP),
  /** No compression. */
  NONE(MediaType.OCI_LAYER);

  private final MediaType mediaType;

  Compression(MediaType mediaType) {
    this.mediaType = mediaType;
  }

  /**
   * The media type of a layer compressed so.
   *
   * @return the type
   */
  public MediaType mediaType() {
    return mediaType;
  }
}
