package cloud.sealer.core.discovery;

/** The names of the rules, as reports have them. Stable: programs and lock files compare them. */
final class RuleNames {
  /** The image of a container, or of an image volume, of a pod. */
  static final String POD_SPEC = "pod-spec";

  /** A value under the key {@code image} of any other object. */
  static final String IMAGE_KEY = "image-key";

  /** A value under a key that ends like one for images, such as {@code imageName}. */
  static final String IMAGE_LIKE_KEY = "image-like-key";

  /** A place that a rule for its kind names; see {@code image-rules.yaml}. */
  static final String CUSTOM_RESOURCE = "custom-resource";

  /** An image in parts: {@code repository}, {@code tag}, {@code registry}, {@code digest}. */
  static final String IMAGE_GROUP = "image-group";

  /** The value of an environment variable. */
  static final String ENVIRONMENT = "environment";

  /** An argument of a command. */
  static final String ARGUMENT = "argument";

  /** The value of an annotation. */
  static final String ANNOTATION = "annotation";

  /** Any other value that looks like an image. */
  static final String PLAIN_VALUE = "plain-value";

  /** An image that kubeadm or the kubelet pulls on each node. */
  static final String NODE = "node";

  /** A line or value in a text that an object carries, such as a file in a ConfigMap. */
  static final String EMBEDDED_TEXT = "embedded-text";

  /** A line of a file that is no YAML. */
  static final String LINE = "line";

  /** A line of {@code manifests/imageList}. */
  static final String IMAGE_LIST = "image-list";

  /** An entry of {@code imageListWithAuth.yaml} in the context. */
  static final String IMAGE_LIST_WITH_AUTH = "image-list-with-auth";

  /** An image the user added to the request. */
  static final String ADDITION = "addition";

  private RuleNames() {}
}
