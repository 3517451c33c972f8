package cloud.sealer.kubernetes.template;

import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The variables that a Go template uses: {@code .Name} where dot is the root, and {@code $.Name}.
 * Not those of {@code define} blocks, whose root is what their caller says.
 */
final class TemplateNames {
  /**
   * A use of a variable.
   *
   * @param name its name, without the dot
   * @param place where it stands
   */
  record Use(String name, Place place) {}

  private static final Pattern WORD =
      Pattern.compile(
          "\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|'(?:[^'\\\\]|\\\\.)*'"
              + "|(?<root>\\$?)(?<![\\w).])\\.(?<name>[\\p{L}_][\\p{L}\\p{N}_]*)(?:\\.[\\w]+)*"
              + "|(?<word>[\\p{L}_$][\\p{L}\\p{N}_]*)",
          Pattern.DOTALL);

  private static final Set<String> OPENING = Set.of("if", "with", "range", "define", "block");
  private static final Set<String> TESTS =
      Set.of(
          "if",
          "with",
          "default",
          "coalesce",
          "empty",
          "hasKey",
          "ternary",
          "dig",
          "get",
          "required");

  private final List<Use> uses = new ArrayList<>();
  private final Set<String> tested = new HashSet<>();
  private final Deque<Block> blocks = new ArrayDeque<>();

  /** What dot is within a block. */
  private record Block(boolean changesDot, boolean hidesRoot) {}

  private TemplateNames() {}

  /** The variables that the template cannot do without, where each is used first. */
  static List<Use> needed(String template) {
    TemplateNames names = new TemplateNames();
    int at = template.indexOf("{{");
    while (at >= 0) {
      int end = end(template, at + 2);
      names.action(template, at + 2, end);
      at = template.indexOf("{{", end);
    }
    Set<String> seen = new HashSet<>(names.tested);
    return names.uses.stream().filter(use -> seen.add(use.name())).toList();
  }

  /** Where the action that starts here ends; quotes and comments may hold braces. */
  private static int end(String text, int start) {
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (text.startsWith("/*", i)) {
        int close = text.indexOf("*/", i + 2);
        i = close < 0 ? text.length() : close + 1;
      } else if (c == '"' || c == '\'' || c == '`') {
        i = closing(text, i, c);
      } else if (text.startsWith("}}", i)) {
        return i;
      }
    }
    return text.length();
  }

  private static int closing(String text, int open, char quote) {
    for (int i = open + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && quote != '`') {
        i++;
      } else if (text.charAt(i) == quote) {
        return i;
      }
    }
    return text.length();
  }

  private void action(String template, int start, int end) {
    String code = template.substring(start, end);
    if (code.replaceFirst("^-?\\s*", "").startsWith("/*")) {
      return;
    }
    List<Use> found = new ArrayList<>();
    Set<String> words = new HashSet<>();
    String first = "";
    Matcher word = WORD.matcher(code);
    while (word.find()) {
      if (word.group("word") != null) {
        first = first.isEmpty() ? word.group("word") : first;
        words.add(word.group("word"));
      } else if (word.group("name") != null && visible(!word.group("root").isEmpty())) {
        found.add(new Use(word.group("name"), place(template, start + word.start())));
      }
    }
    if (words.stream().anyMatch(TESTS::contains)) {
      found.forEach(use -> tested.add(use.name()));
    }
    uses.addAll(found);
    nest(first, words);
  }

  private boolean visible(boolean root) {
    return blocks.stream().noneMatch(Block::hidesRoot)
        && (root || blocks.stream().noneMatch(Block::changesDot));
  }

  private void nest(String first, Set<String> words) {
    if (OPENING.contains(first)) {
      boolean hides = first.equals("define") || first.equals("block");
      blocks.push(new Block(!first.equals("if"), hides));
    } else if (first.equals("end")) {
      blocks.poll();
    } else if (first.equals("else") && !blocks.isEmpty()) {
      blocks.push(new Block(words.contains("with"), blocks.pop().hidesRoot()));
    }
  }

  private static Place place(String text, int index) {
    int line = 1;
    int start = 0;
    for (int i = text.indexOf('\n'); i >= 0 && i < index; i = text.indexOf('\n', i + 1)) {
      line++;
      start = i + 1;
    }
    return new Place(line, text.codePointCount(start, index) + 1);
  }
}
