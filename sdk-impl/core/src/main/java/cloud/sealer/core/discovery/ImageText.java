package cloud.sealer.core.discovery;

import cloud.sealer.sdk.Reference;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a text means where an image is expected.
 *
 * @param text the text without blanks around it
 * @param kind what it is
 * @param reference the image, if it is one
 * @param problem why it is none, as half a sentence; empty if it is one
 */
record ImageText(String text, Kind kind, @Nullable Reference reference, String problem) {
  /** Far more than the longest name, which has 255 + 128 characters, a host and a digest. */
  static final int MAX_LENGTH = 1024;

  private static final Pattern HOST =
      Pattern.compile(
          "(?:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}(?::[0-9]{1,5})?"
              + "|(?:[a-z0-9-]+|[0-9]{1,3}(?:\\.[0-9]{1,3}){3}):[0-9]{2,5})");

  /** Names of types, labels and sources look like images of these hosts. */
  private static final Pattern NO_REGISTRY =
      Pattern.compile(
          "(?:.*\\.)?(?:kubernetes\\.io|k8s\\.io|github\\.com|gitlab\\.com|bitbucket\\.org|svc|local)(?::.*)?");

  /** Hosts that serve nothing but images, so that any tag is one. */
  private static final Pattern REGISTRY =
      Pattern.compile(
          "(?:docker|quay|ghcr|gcr|lscr|nvcr)\\.io|(?:registry|docker|harbor|mcr|cr)\\..+|.+[.-]docker\\.pkg\\.dev"
              + "|.+\\.(?:gcr|azurecr)\\.io|.+\\.ecr\\..+|public\\.ecr\\.aws");

  private static final Pattern FILE =
      Pattern.compile(".*\\.(?:img|iso|qcow2?|raw|vmdk|png|jpe?g|svg|gif|tar|tgz|gz|xz|zip|bin)");
  private static final Set<String> WORD_TAGS =
      Set.of("latest", "stable", "main", "master", "edge", "nightly", "dev", "canary", "release");
  private static final Pattern PORT = Pattern.compile("[0-9]{4,5}");
  private static final Pattern HUB_NAME =
      Pattern.compile(
          "[a-z][a-z0-9_-]*(?:/[a-z0-9][a-z0-9._-]*){1,3}:v?[0-9]+(?:\\.[0-9]+)+[\\w.-]*");

  /** What a text can be. */
  enum Kind {
    /** The name of an image. */
    IMAGE,
    /** Nothing. */
    EMPTY,
    /** A name with a part that a template engine, a shell or a controller fills in. */
    TEMPLATE,
    /** No name. */
    INVALID
  }

  static ImageText of(String raw) {
    String text = raw.strip();
    if (text.isEmpty()) {
      return new ImageText(text, Kind.EMPTY, null, "the image is empty");
    }
    // A dollar is in no image name; it starts $(VAR), ${VAR} and $VAR.
    if (text.contains("{{") || text.indexOf('$') >= 0 || text.indexOf(TemplateText.START) >= 0) {
      return new ImageText(text, Kind.TEMPLATE, null, "it has a template variable");
    }
    if (text.length() > MAX_LENGTH) {
      return new ImageText(
          text, Kind.INVALID, null, "it is longer than " + MAX_LENGTH + " characters");
    }
    try {
      return new ImageText(text, Kind.IMAGE, Reference.parse(text), "");
    } catch (IllegalArgumentException e) {
      return new ImageText(text, Kind.INVALID, null, String.valueOf(e.getMessage()));
    }
  }

  /** Whether it is an image that says its version, which a plain word does not. */
  boolean isVersioned() {
    int name = text.lastIndexOf('/') + 1;
    return reference != null && (text.indexOf(':', name) >= 0 || text.indexOf('@') >= 0);
  }

  /** Whether it is rather the name of a file: a picture, or the disk of a machine. */
  boolean isFile() {
    return FILE.matcher(text).matches();
  }

  /** Whether it begins with the host of a registry. */
  boolean hasRegistry() {
    int slash = text.indexOf('/');
    return slash > 0 && text.substring(0, slash).matches(".*[.:].*|localhost");
  }

  /**
   * Whether it can only be an image: with the host of a registry and a version, or with a digest.
   */
  boolean isUnmistakable() {
    int slash = text.indexOf('/');
    if (reference == null || slash < 0 || !isVersioned()) {
      return false;
    }
    if (reference.digest().isPresent()) {
      return true;
    }
    String host = text.substring(0, slash);
    boolean registry = host.startsWith("registry.k8s.io") || !NO_REGISTRY.matcher(host).matches();
    return registry
        && HOST.matcher(host).matches()
        && (REGISTRY.matcher(host).matches() || hasVersionTag(reference.tag().orElse("")));
  }

  private static boolean hasVersionTag(String tag) {
    boolean digit = tag.chars().anyMatch(c -> c >= '0' && c <= '9');
    return WORD_TAGS.contains(tag) || (digit && !PORT.matcher(tag).matches());
  }

  /** Whether it is like an image of Docker Hub: {@code longhornio/longhorn-engine:v1.2.3}. */
  boolean isLikeHubImage() {
    return reference != null && HUB_NAME.matcher(text).matches();
  }

  /** Whether it is rather the address of a server than an image: {@code registry.local:5000}. */
  boolean isHostAndPort() {
    int colon = text.indexOf(':');
    return text.indexOf('/') < 0
        && colon > 0
        && text.substring(colon + 1).matches("[0-9]{2,5}")
        && (text.lastIndexOf('.', colon) > 0 || text.startsWith("localhost:"));
  }

  /** Whether it is no image by its looks: prose, or a link to a picture. */
  boolean isProse() {
    return kind == Kind.INVALID
        && (text.chars().anyMatch(Character::isWhitespace)
            || text.startsWith("http://")
            || text.startsWith("https://")
            || text.startsWith("data:"));
  }
}
