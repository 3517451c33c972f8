package cloud.sealer.core.discovery;

/** The names of the rules, as reports have them. Stable: programs and lock files compare them. */
final class RuleNames {
  /** The image of a container, or of an image volume, of a pod. */
  static final String POD_SPEC = "pod-spec";

  /** A value under the key {@code image} of any other object. */
  static final String IMAGE_KEY = "image-key";

  /** A value under a key that ends like one for images, such as {@code imageName}. */
  static final String IMAGE_LIKE_KEY = "image-like-key";

  /** A line in the text that a ConfigMap carries. */
  static final String EMBEDDED_TEXT = "embedded-text";

  /** A line of a file that is no YAML. */
  static final String LINE = "line";

  /** A line of {@code manifests/imageList}. */
  static final String IMAGE_LIST = "image-list";

  /** An image the user added to the request. */
  static final String ADDITION = "addition";

  private RuleNames() {}
}
