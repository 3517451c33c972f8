package cloud.sealer.core.discovery;

import cloud.sealer.sdk.ImageOrigin;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds images that stand in parts: {@code image: {registry, repository, tag, digest}} as charts
 * and many custom resources have it, {@code {repository, image, version}}, and {@code
 * imageRepository} beside {@code imageTag}, or {@code x.repository} beside {@code x.tag}.
 */
final class ImageGroupRule implements Rule {
  private static final Set<String> TAGS = Set.of("tag", "imagetag", "version");
  private static final Set<String> DIGESTS = Set.of("digest", "imagedigest", "sha", "sha256");
  private static final Set<String> REGISTRIES = Set.of("registry", "imageregistry", "hub");
  private static final Set<String> NAMES =
      Set.of("repository", "name", "reference", "pullpolicy", "imagepullpolicy", "pullsecret");
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SOURCE =
      Pattern.compile(
          "(?:[a-z+]+://|git@).*|.*\\.git|(?:github|gitlab|bitbucket)\\.(?:com|org)/.*",
          Pattern.CASE_INSENSITIVE);

  @Override
  public void check(Place place, Node.Mapping mapping, Reports reports) {
    boolean image = isImageKey(place);
    for (Map.Entry<String, Node> entry : mapping.values().entrySet()) {
      if (!(entry.getValue() instanceof Node.Scalar value) || value.isEmpty()) {
        continue;
      }
      String key = plain(entry.getKey());
      Place at = place.under(entry.getKey());
      if (key.equals("repository") || (key.equals("name") && image)) {
        group(at, value, mapping, image, reports);
      } else if (key.endsWith("imagerepository") || key.endsWith(".repository")) {
        String stem = key.substring(0, key.length() - "repository".length());
        siblings(at, value, stem, mapping, reports);
      }
    }
  }

  private static boolean isImageKey(Place place) {
    KeyName key = KeyName.of(place.key());
    return key.namesImage() || key.namesImages();
  }

  /** Whether the key {@code image} of the mapping is only the last part of a name. */
  static boolean isPart(Node.Mapping mapping) {
    String image = mapping.text("image");
    return !mapping.text("repository").isEmpty()
        && !image.isEmpty()
        && image.indexOf('/') < 0
        && !find(mapping, TAGS).isEmpty();
  }

  /** Whether what stands under a key below {@code image} is not an image itself. */
  static boolean isPart(String key) {
    String name = plain(key);
    return NAMES.contains(name)
        || TAGS.contains(name)
        || DIGESTS.contains(name)
        || REGISTRIES.contains(name);
  }

  /**
   * An image without version with the version that stands beside it, if one does, and then also
   * with the registry beside it unless it has one.
   */
  static ImageText withVersion(ImageText image, Node.Mapping around) {
    String registry = image.hasRegistry() ? "" : find(around, REGISTRIES);
    String tag = find(around, TAGS);
    String digest = find(around, DIGESTS);
    if (tag.isEmpty() && digest.isEmpty()) {
      return image;
    }
    return ImageText.of(join(registry, image.text(), tag, digest));
  }

  private static void group(
      Place place, Node.Scalar value, Node.Mapping mapping, boolean image, Reports reports) {
    String tag = find(mapping, TAGS);
    String digest = find(mapping, DIGESTS);
    if (SOURCE.matcher(value.text().strip()).matches()
        || (!image && tag.isEmpty() && digest.isEmpty())) {
      return;
    }
    if (!image
        && find(mapping, Set.of("tag", "imagetag")).isEmpty()
        && digest.isEmpty()
        && !isPart(mapping)) {
      // {repository, version} alone is mostly a chart or a package.
      return;
    }
    String repository = value.text().strip();
    if (isPart(mapping)) {
      repository += "/" + mapping.text("image");
    }
    report(place, value, join(find(mapping, REGISTRIES), repository, tag, digest), reports);
  }

  private static void siblings(
      Place place, Node.Scalar value, String stem, Node.Mapping mapping, Reports reports) {
    String tag = find(mapping, Set.of(stem + "tag", stem + "version"));
    String digest = find(mapping, Set.of(stem + "digest", stem + "sha"));
    String repository = value.text().strip();
    // "imageRepository: registry.k8s.io" is where kubeadm finds all its images, and no image.
    if ((!tag.isEmpty() || !digest.isEmpty()) && isPath(repository)) {
      report(
          place,
          value,
          join(find(mapping, Set.of(stem + "registry")), repository, tag, digest),
          reports);
    }
  }

  private static boolean isPath(String repository) {
    return repository.indexOf('/') >= 0 || repository.indexOf('.') < 0;
  }

  private static void report(Place place, Node.Scalar value, String text, Reports reports) {
    ImageText image = ImageText.of(text);
    ImageOrigin origin = place.origin(value.line(), RuleNames.IMAGE_GROUP);
    if (image.kind() == ImageText.Kind.TEMPLATE) {
      reports.unresolved(image.text(), origin, image.problem());
    } else if (image.reference() == null) {
      if (!image.isProse()) {
        reports.suspected(image.text(), origin, image.problem());
      }
    } else if (image.isVersioned()) {
      reports.found(image.reference(), origin);
    } else {
      reports.suspected(image.text(), origin, "it has no tag; its controller chooses one");
    }
  }

  /** The first value under one of the keys, as written: a tag like 1.20 is a number to YAML. */
  private static String find(Node.Mapping mapping, Set<String> keys) {
    for (Map.Entry<String, Node> entry : mapping.values().entrySet()) {
      if (keys.contains(plain(entry.getKey()))
          && entry.getValue() instanceof Node.Scalar value
          && !value.isEmpty()) {
        return value.text().strip();
      }
    }
    return "";
  }

  private static String plain(String key) {
    return key.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
  }

  /** The name that the parts make. A version may be a digest too, as operators allow it. */
  static String join(String registry, String repository, String tag, String digest) {
    boolean complete = ImageText.of(repository).isVersioned();
    boolean prefixed = registry.isEmpty() || repository.startsWith(registry + "/");
    String base = registry.endsWith("/") ? registry.substring(0, registry.length() - 1) : registry;
    StringBuilder name = new StringBuilder(prefixed ? "" : base + "/").append(repository);
    String version = tag;
    String sum = digest;
    if (version.startsWith("sha256:")) {
      sum = sum.isEmpty() ? version : sum;
      version = "";
    }
    if (!complete && !version.isEmpty()) {
      name.append(':').append(version);
    }
    if (!sum.isEmpty() && repository.indexOf('@') < 0) {
      name.append('@').append(HEX.matcher(sum).matches() ? "sha256:" : "").append(sum);
    }
    return name.toString();
  }
}
