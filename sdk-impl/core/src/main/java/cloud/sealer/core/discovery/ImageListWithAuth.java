package cloud.sealer.core.discovery;

import cloud.sealer.core.discovery.Node.Mapping;
import cloud.sealer.core.discovery.Node.Scalar;
import cloud.sealer.core.discovery.Node.Sequence;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.io.IOException;
import java.io.Reader;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code imageListWithAuth.yaml} of a build context: container images by registry, each
 * list with the name and password to get them with.
 *
 * <pre>{@code
 * - registry: registry.example.com
 *   username: ann
 *   password: …
 *   images:
 *     - team/app:v1
 * }</pre>
 *
 * <p>Images without a registry are of that of their list. A password is for its registry only, and
 * used for one build; no message has it. A list without one is collected with what the registry
 * options know. Immutable.
 */
public final class ImageListWithAuth implements ImageDiscoverer {
  private static final RootfsPath FILE = RootfsPath.of("imageListWithAuth.yaml");
  private static final int MAX_SIZE = 4 * 1024 * 1024;
  private static final Pattern WITH_LINE = Pattern.compile("(.*) \\(line ([0-9]{1,9})\\)");
  private static final Set<String> KEYS = Set.of("registry", "username", "password", "images");

  private final Map<Reference, ImageOrigin> images = new LinkedHashMap<>();
  private final Map<String, Known> known = new HashMap<>();

  private ImageListWithAuth() {}

  /** Who to be for a repository, and the list that says so. */
  private record Known(Credentials credentials, int list) {}

  /**
   * Reads the file.
   *
   * @param content its bytes; empty if the context has no such file
   * @throws SealerException {@link ErrorCode#INVALID_CONTEXT} with file and line of a mistake
   */
  public static ImageListWithAuth read(Optional<FileTree.Content> content) {
    ImageListWithAuth list = new ImageListWithAuth();
    if (content.isPresent()) {
      String text = new ManifestFile(FILE, content.get()).read(ImageListWithAuth::text);
      if (text.length() > MAX_SIZE) {
        throw mistake(0, "the file is longer than " + MAX_SIZE + " characters");
      }
      list.parse(text);
    }
    return list;
  }

  private static String text(Reader in) throws IOException {
    StringBuilder text = new StringBuilder();
    char[] buffer = new char[8192];
    for (int n = in.read(buffer); n >= 0 && text.length() <= MAX_SIZE; n = in.read(buffer)) {
      text.append(buffer, 0, n);
    }
    return text.toString();
  }

  private void parse(String text) {
    List<Node> documents;
    try {
      documents = new YamlReader().read(text, 1);
    } catch (UnreadableException e) {
      // Without the cause: it quotes the file.
      Matcher reason = WITH_LINE.matcher(String.valueOf(e.getMessage()));
      throw reason.matches()
          ? mistake(Integer.parseInt(reason.group(2)), "it is no YAML: " + reason.group(1))
          : mistake(0, "it is no YAML: " + e.getMessage());
    }
    for (Node document : documents) {
      if (document instanceof Sequence lists) {
        lists.items().forEach(this::list);
      } else if (!(document instanceof Scalar scalar && scalar.isEmpty())) {
        throw mistake(document.line(), "expected a list of registries with their images");
      }
    }
  }

  private void list(Node node) {
    if (!(node instanceof Mapping list)) {
      throw mistake(node.line(), "expected registry, username, password and images");
    }
    for (String key : list.values().keySet()) {
      if (!KEYS.contains(key)) {
        throw mistake(
            line(list, key),
            "unknown key \"" + key + "\"; there are registry, username, password and images");
      }
    }
    Node images = list.values().get("images");
    if (images == null || (images instanceof Scalar scalar && scalar.isEmpty())) {
      return;
    }
    if (!(images instanceof Sequence sequence)) {
      throw mistake(images.line(), "images must be a list");
    }
    String registry = value(list, "registry");
    Reference.Defaults defaults = defaults(registry, list);
    @Nullable Credentials credentials = credentials(list);
    for (Node image : sequence.items()) {
      image(image, defaults, credentials, list.line());
    }
  }

  private static Reference.Defaults defaults(String registry, Mapping list) {
    if (registry.isEmpty() || registry.equals(Reference.Defaults.DOCKER.registry())) {
      return Reference.Defaults.DOCKER;
    }
    try {
      return new Reference.Defaults(registry, "");
    } catch (IllegalArgumentException e) {
      throw mistake(
          line(list, "registry"), "registry must be host[:port], got \"" + registry + "\"");
    }
  }

  private static @Nullable Credentials credentials(Mapping list) {
    String username = value(list, "username");
    String password = value(list, "password");
    if (username.isEmpty() && password.isEmpty()) {
      return null;
    }
    if (username.isEmpty() || password.isEmpty()) {
      String missing = username.isEmpty() ? "username" : "password";
      throw mistake(
          list.line(),
          missing + " is missing; leave out both to use the credentials of the registry options");
    }
    return Credentials.basic(username, password);
  }

  private void image(
      Node node, Reference.Defaults defaults, @Nullable Credentials credentials, int list) {
    if (!(node instanceof Scalar scalar)) {
      throw mistake(node.line(), "an image must be a text");
    }
    Reference image;
    try {
      image = Reference.parse(scalar.text(), defaults);
    } catch (IllegalArgumentException e) {
      throw mistake(node.line(), String.valueOf(e.getMessage()));
    }
    if (credentials != null) {
      if (!image.registry().equals(defaults.registry())) {
        throw mistake(
            node.line(),
            "image "
                + image
                + " is not of "
                + defaults.registry()
                + ", which the password is for; give it a list of its own");
      }
      Known other = known.putIfAbsent(repository(image), new Known(credentials, list));
      if (other != null && other.list() != list) {
        throw mistake(
            node.line(),
            "the list at line " + other.list() + " has another password for " + repository(image));
      }
    }
    images.putIfAbsent(
        image, new ImageOrigin(FILE, 0, "", "", node.line(), RuleNames.IMAGE_LIST_WITH_AUTH));
  }

  private static String value(Mapping list, String key) {
    Node value = list.values().get(key);
    if (value == null) {
      return "";
    }
    if (!(value instanceof Scalar scalar)) {
      throw mistake(value.line(), key + " must be a text");
    }
    return scalar.isEmpty() ? "" : scalar.text();
  }

  private static int line(Mapping list, String key) {
    Node value = list.values().get(key);
    return value == null ? list.line() : value.line();
  }

  private static String repository(Reference image) {
    return image.registry() + "/" + image.repository();
  }

  private static SealerException mistake(int line, String message) {
    return SealerException.builder(
            ErrorCode.INVALID_CONTEXT, FILE + (line > 0 ? ":" + line : "") + ": " + message)
        .remedy("correct the file, or remove it from the context")
        .build();
  }

  /** Who to be to get an image; empty for what the registry options say. */
  public Optional<Credentials> credentials(Reference image) {
    return Optional.ofNullable(known.get(repository(image))).map(Known::credentials);
  }

  @Override
  public void discover(FileTree files, Sink sink) {
    images.forEach(sink::found);
  }
}
