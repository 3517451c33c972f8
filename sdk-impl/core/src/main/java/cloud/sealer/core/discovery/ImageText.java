package cloud.sealer.core.discovery;

import cloud.sealer.sdk.Reference;
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
    if (text.contains("{{") || text.indexOf('$') >= 0) {
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

  /** Whether it is no image by its looks: prose, or a link to a picture. */
  boolean isProse() {
    return kind == Kind.INVALID
        && (text.chars().anyMatch(Character::isWhitespace)
            || text.startsWith("http://")
            || text.startsWith("https://")
            || text.startsWith("data:"));
  }
}
