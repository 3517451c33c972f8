package cloud.sealer.core.discovery;

import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value that a program gets under a name: an argument or an environment variable.
 *
 * @param name the name; empty for an argument without
 * @param text the value
 * @param inScript whether it stands in a shell script, where less is certain
 */
record NamedValue(String name, String text, boolean inScript) {
  private static final Pattern VARIABLE = Pattern.compile("\\$[({](\\w+)[)}]|\\$(\\w+)");
  private static final Pattern SEPARATORS = Pattern.compile("[\\s,;|\"']+");
  private static final Set<String> WORDS =
      Set.of(
          "true",
          "false",
          "yes",
          "no",
          "on",
          "off",
          "none",
          "always",
          "never",
          "auto",
          "default",
          "ifnotpresent",
          "disabled",
          "enabled",
          "null",
          "nil",
          "unknown",
          "all");

  /**
   * This value with the variables that are known put in, as Kubernetes does before it starts a
   * container.
   */
  NamedValue expand(Map<String, String> variables) {
    if (text.indexOf('$') < 0) {
      return this;
    }
    Matcher variable = VARIABLE.matcher(text);
    String expanded =
        variable.replaceAll(
            match -> {
              String key = match.group(1) == null ? match.group(2) : match.group(1);
              return Matcher.quoteReplacement(variables.getOrDefault(key, match.group()));
            });
    return new NamedValue(name, expanded, inScript);
  }

  void report(ImageOrigin origin, ImageDiscoverer.Sink sink) {
    ImageText image = ImageText.of(text);
    if (image.kind() == ImageText.Kind.EMPTY || isJson()) {
      return;
    }
    KeyName key = KeyName.of(name);
    if (key.namesImage() && reportImage(image, key, origin, sink)) {
      return;
    }
    boolean images = key.mentionsImages();
    for (String token : SEPARATORS.split(text)) {
      // "3.7.0=quay.io/strimzi/kafka:0.40.0" is a map from versions to images.
      ImageText part = ImageText.of(token.substring(token.indexOf('=') + 1));
      boolean sure =
          part.isUnmistakable()
              || part.isLikeHubImage()
              || (images && part.isVersioned() && part.text().indexOf('/') > 0);
      if (sure && part.reference() != null) {
        report(part, origin, sink);
      }
    }
  }

  private void report(ImageText image, ImageOrigin origin, ImageDiscoverer.Sink sink) {
    if (inScript && name.isEmpty()) {
      sink.suspected(image.text(), origin, "it stands in a script");
    } else if (image.reference() != null) {
      sink.found(image.reference(), origin);
    }
  }

  /**
   * Reports the value of a name that says it is an image; false if it is not one text for an image.
   */
  private boolean reportImage(
      ImageText image, KeyName key, ImageOrigin origin, ImageDiscoverer.Sink sink) {
    if (image.kind() == ImageText.Kind.TEMPLATE) {
      reportTemplate(image, origin, sink);
      return true;
    }
    if (image.reference() == null || image.isHostAndPort()) {
      return false;
    }
    boolean named = image.text().indexOf('/') > 0 && !image.isFile();
    if (image.isVersioned() || (named && !key.namesBase())) {
      sink.found(image.reference(), origin);
    } else if (!key.namesBase()
        && !WORDS.contains(image.text())
        && image.text().chars().anyMatch(Character::isLetter)) {
      sink.suspected(
          image.text(), origin, "\"" + name + "\" may name an image, but it has no version");
    }
    return true;
  }

  private void reportTemplate(ImageText image, ImageOrigin origin, ImageDiscoverer.Sink sink) {
    if (inScript) {
      sink.suspected(image.text(), origin, "it has a variable of a script");
    } else {
      sink.unresolved(image.text(), origin, image.problem());
    }
  }

  private boolean isJson() {
    String start = text.stripLeading();
    return start.startsWith("[") || (start.startsWith("{") && !start.startsWith("{{"));
  }
}
