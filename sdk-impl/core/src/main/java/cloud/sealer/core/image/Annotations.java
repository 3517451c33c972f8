package cloud.sealer.core.image;

/** The annotation keys that cluster images use. */
public final class Annotations {
  /** On a layer that holds one blob of a collected image: the digest of that blob. */
  public static final String BLOB = "cloud.sealer.blob";

  /** On a layer that belongs to the {@code registry/} tree: {@code registry}. */
  public static final String LAYER = "cloud.sealer.layer";

  /** The value of {@link #LAYER} for a layer of the {@code registry/} tree. */
  public static final String LAYER_REGISTRY = "registry";

  /**
   * On the index of a container image in the {@code registry/} tree, if it lists fewer images than
   * the one that was collected: the digest of that.
   */
  public static final String ORIGINAL = "cloud.sealer.original";

  /** On a manifest: the version of these annotations. */
  static final String SCHEMA = "cloud.sealer.schema";

  /** The present value of {@link #SCHEMA}. */
  static final String SCHEMA_VERSION = "1";

  static final String ARGS = "cloud.sealer.args";
  static final String COMMANDS = "cloud.sealer.commands";
  static final String KUBERNETES_VERSION = "cloud.sealer.kubernetes.version";
  static final String KUBERNETES_RANGE = "cloud.sealer.kubernetes.range";
  static final String CONTAINER_IMAGES = "cloud.sealer.images";
  static final String CLUSTERFILE = "cloud.sealer.clusterfile";
  static final String CREATED = "org.opencontainers.image.created";
  static final String BASE_NAME = "org.opencontainers.image.base.name";
  static final String BASE_DIGEST = "org.opencontainers.image.base.digest";

  /** On an entry of an index: what it is called. */
  public static final String REF_NAME = "org.opencontainers.image.ref.name";

  /** On the image in an archive: the digest of the image whose blobs were left out of it. */
  static final String DELTA_BASE = "cloud.sealer.delta.base";

  /** The name that the image of {@link #DELTA_BASE} had. */
  static final String DELTA_BASE_NAME = "cloud.sealer.delta.base.name";

  private Annotations() {}
}
