package cloud.sealer.sdk;

import java.util.Objects;
import java.util.Set;

/**
 * The media type of a blob, as it stands in a descriptor or a {@code Content-Type} header.
 *
 * @param value the type without parameters, such as {@code
 *     application/vnd.oci.image.manifest.v1+json}
 */
public record MediaType(String value) {
  /** An OCI image manifest. */
  public static final MediaType OCI_MANIFEST =
      new MediaType("application/vnd.oci.image.manifest.v1+json");

  /** An OCI image index. */
  public static final MediaType OCI_INDEX =
      new MediaType("application/vnd.oci.image.index.v1+json");

  /** An OCI image configuration. */
  public static final MediaType OCI_CONFIG =
      new MediaType("application/vnd.oci.image.config.v1+json");

  /** An uncompressed layer. */
  public static final MediaType OCI_LAYER = new MediaType("application/vnd.oci.image.layer.v1.tar");

  /** A layer compressed with gzip. */
  public static final MediaType OCI_LAYER_GZIP =
      new MediaType("application/vnd.oci.image.layer.v1.tar+gzip");

  /** A layer compressed with zstd. */
  public static final MediaType OCI_LAYER_ZSTD =
      new MediaType("application/vnd.oci.image.layer.v1.tar+zstd");

  /** A Docker image manifest, schema 2. */
  public static final MediaType DOCKER_MANIFEST =
      new MediaType("application/vnd.docker.distribution.manifest.v2+json");

  /** A Docker manifest list, the older form of the OCI index. */
  public static final MediaType DOCKER_MANIFEST_LIST =
      new MediaType("application/vnd.docker.distribution.manifest.list.v2+json");

  private static final Set<MediaType> INDEXES = Set.of(OCI_INDEX, DOCKER_MANIFEST_LIST);
  private static final Set<MediaType> MANIFESTS = Set.of(OCI_MANIFEST, DOCKER_MANIFEST);

  /** Checks that the type is not blank. */
  public MediaType {
    Objects.requireNonNull(value, "value");
    if (value.isBlank()) {
      throw new IllegalArgumentException("media type must not be blank");
    }
  }

  /**
   * Whether a blob of this type lists manifests by platform.
   *
   * @return true for an OCI index and a Docker manifest list
   */
  public boolean isIndex() {
    return INDEXES.contains(this);
  }

  /**
   * Whether a blob of this type describes one image.
   *
   * @return true for an OCI manifest and a Docker schema 2 manifest
   */
  public boolean isManifest() {
    return MANIFESTS.contains(this);
  }

  @Override
  public String toString() {
    return value;
  }
}
