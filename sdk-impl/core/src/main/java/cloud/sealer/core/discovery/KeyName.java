package cloud.sealer.core.discovery;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The name that a value has: a key, a flag, or an environment variable, read as words. {@code
 * helperImage}, {@code --helper-image} and {@code HELPER_IMAGE} are the same name.
 *
 * @param words its words in lower case
 */
record KeyName(List<String> words) {
  private static final Pattern BOUNDARY = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+");
  private static final Set<String> OF_NAMES =
      Set.of("name", "ref", "reference", "uri", "url", "fullname");
  private static final Set<String> MACHINES =
      Set.of("ami", "boot", "disk", "guest", "iso", "machine", "node", "os", "vm");
  private static final Pattern IMAGE = Pattern.compile(".*image(?:name|ref|reference|uri|url)?");

  static KeyName of(String name) {
    return new KeyName(
        Stream.of(BOUNDARY.split(name))
            .filter(word -> !word.isEmpty())
            .map(word -> word.toLowerCase(Locale.ROOT))
            .toList());
  }

  private String word(int fromEnd) {
    return words.size() < fromEnd ? "" : words.get(words.size() - fromEnd);
  }

  /**
   * Whether it says that its value is an image, such as {@code CSI_ATTACHER_IMAGE} or {@code
   * imageName}.
   */
  boolean namesImage() {
    return IMAGE.matcher(word(1)).matches()
        || (OF_NAMES.contains(word(1)) && word(2).endsWith("image"))
        || (words.size() > 2 && words.get(0).equals("related") && words.get(1).equals("image"));
  }

  /** Whether it says that its value is several images. */
  boolean namesImages() {
    return word(1).endsWith("images");
  }

  /** Whether the image may as well be one of a machine or its disk, such as {@code osImage}. */
  boolean namesMachines() {
    return words.stream().anyMatch(MACHINES::contains);
  }

  /** Whether it speaks of images in any way, such as {@code IMAGE_FOR_BUILDS}. */
  boolean mentionsImages() {
    return words.stream().anyMatch(word -> word.endsWith("image") || word.endsWith("images"));
  }

  /** Whether its value lacks the version on purpose, such as {@code thanos-default-base-image}. */
  boolean namesBase() {
    return words.contains("base") || words.contains("prefix") || words.contains("repository");
  }
}
