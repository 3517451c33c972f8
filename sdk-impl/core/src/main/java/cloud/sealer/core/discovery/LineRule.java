package cloud.sealer.core.discovery;

import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds images in text that is no YAML but looks like it: templates, and files with mistakes. Each
 * line stands for itself: a key that ends in lower-case {@code image}, and a value.
 */
final class LineRule {
  // Groups repeat possessively: otherwise the matcher recurses, and a hostile line overflows the
  // stack.
  private static final Pattern DASHES = Pattern.compile("(?:\\s*-(?=\\s))*+\\s*");
  private static final Pattern ACTIONS = Pattern.compile("(?:\\{\\{.*?}}\\s*)++(?=[^\\s{])");
  private static final String KEY =
      "(?:\"(?<double>[\\w./-]*image)\"\\s*:|'(?<single>[\\w./-]*image)'\\s*:"
          + "|(?<plain>[\\w./-]*image)\\s*:(?=\\s|$))\\s*";
  private static final Pattern ENTRY = Pattern.compile(KEY);
  private static final Pattern FLOW_ENTRY =
      Pattern.compile(
          "[{,]\\s*"
              + KEY
              + "(?<value>\"[^\"]*\"|'[^']*'|\\{\\{.*?}}[^,}\\]\\s]*|[^\\s,{}\\[\\]]+)");
  private static final Pattern BLOCK =
      Pattern.compile("(?:^|.*[:-]\\s+)(?:[&!]\\S*\\s+)*+[|>][+-]?[1-9]?[+-]?\\s*(?:#.*)?");
  private static final Pattern PROPERTIES = Pattern.compile("(?:[&!]\\S*\\s+)++");
  private static final Pattern NOT_TEXT = Pattern.compile("true|false|null|~|[0-9]+");

  private final Hits hits;
  private int blockIndent = -1;
  private boolean blockOfImage;

  /** Takes what is found. */
  @FunctionalInterface
  interface Hits {
    /**
     * Takes one value.
     *
     * @param value never empty
     * @param line where it stands
     * @param certain false in the text of a block scalar, and under other keys than {@code image}
     *     for a plain word
     */
    void hit(ImageText value, int line, boolean certain);
  }

  LineRule(Hits hits) {
    this.hits = hits;
  }

  /** Searches a text whose first line has the given number. */
  void read(String text, int firstLine) {
    blockIndent = -1;
    int number = firstLine;
    for (Iterator<String> lines = text.lines().iterator(); lines.hasNext(); number++) {
      readLine(lines.next(), number);
    }
  }

  private void readLine(String line, int number) {
    String stripped = line.strip();
    if (stripped.isEmpty()) {
      return;
    }
    int indent = line.length() - line.stripLeading().length();
    boolean inBlock = blockIndent >= 0 && indent > blockIndent;
    if (inBlock && blockOfImage) {
      blockOfImage = false;
      report(stripped, true, true, number);
      return;
    }
    if (!inBlock) {
      blockIndent = -1;
      blockOfImage = false;
    }
    if (stripped.startsWith("#")) {
      return;
    }
    Matcher dashes = DASHES.matcher(line);
    int start = dashes.lookingAt() ? dashes.end() : 0;
    String entry = line.substring(start);
    if (!inBlock && BLOCK.matcher(entry).matches()) {
      // In "- key: |" the text is indented more than the key; in "- |" more than the dash.
      blockIndent = entry.startsWith("|") || entry.startsWith(">") ? indent : start;
      blockOfImage = isImageKey(entry);
    } else if (entry.startsWith("{") && !entry.startsWith("{{")) {
      readFlow(entry, inBlock, number);
    } else {
      readEntry(entry, inBlock, number);
    }
  }

  private static boolean isImageKey(String entry) {
    Matcher key = ENTRY.matcher(entry);
    return key.lookingAt() && key(key).equals("image");
  }

  private static String key(Matcher match) {
    for (String group : new String[] {"double", "single"}) {
      if (match.group(group) != null) {
        return match.group(group);
      }
    }
    return String.valueOf(match.group("plain"));
  }

  private void readFlow(String text, boolean inBlock, int number) {
    Matcher match = FLOW_ENTRY.matcher(text);
    while (match.find()) {
      report(String.valueOf(match.group("value")), key(match).equals("image"), !inBlock, number);
    }
  }

  private void readEntry(String text, boolean inBlock, int number) {
    Matcher actions = ACTIONS.matcher(text);
    String entry = actions.lookingAt() ? text.substring(actions.end()) : text;
    Matcher match = ENTRY.matcher(entry);
    if (match.lookingAt()) {
      report(entry.substring(match.end()), key(match).equals("image"), !inBlock, number);
    }
  }

  private void report(String rest, boolean imageKey, boolean outside, int number) {
    String value = rest.substring(0, Math.min(rest.length(), ImageText.MAX_LENGTH + 1)).strip();
    Matcher properties = PROPERTIES.matcher(value);
    if (properties.lookingAt()) {
      value = value.substring(properties.end());
    }
    boolean quoted = value.startsWith("\"") || value.startsWith("'");
    value = quoted ? unquote(value) : plain(value);
    boolean collection = !quoted && (value.startsWith("[") || value.matches("\\{(?!\\{).*"));
    if (collection || (!quoted && NOT_TEXT.matcher(value).matches())) {
      return;
    }
    ImageText image = ImageText.of(value);
    if (image.kind() != ImageText.Kind.EMPTY
        && (imageKey || image.kind() != ImageText.Kind.INVALID)) {
      boolean named =
          imageKey
              || image.text().indexOf('/') >= 0
              || image.isVersioned()
              || image.kind() == ImageText.Kind.TEMPLATE;
      hits.hit(image, number, outside && named);
    }
  }

  /** The text between quotes. A template action may hold quotes of its own. */
  private static String unquote(String value) {
    char quote = value.charAt(0);
    int end = value.contains("{{") ? value.lastIndexOf(quote) : value.indexOf(quote, 1);
    return end > 0 ? value.substring(1, end) : value.substring(1);
  }

  /** The value without comment and without the comma of a mapping in JSON style. */
  private static String plain(String value) {
    int end = value.length();
    for (int i = 0; i < value.length(); i++) {
      boolean comment =
          value.charAt(i) == '#' && (i == 0 || Character.isWhitespace(value.charAt(i - 1)));
      if (comment && value.lastIndexOf("{{", i) <= value.lastIndexOf("}}", i)) {
        end = i;
        break;
      }
    }
    String text = value.substring(0, end).strip();
    return text.endsWith(",") ? text.substring(0, text.length() - 1) : text;
  }
}
