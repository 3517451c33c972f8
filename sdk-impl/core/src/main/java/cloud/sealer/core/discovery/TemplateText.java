package cloud.sealer.core.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A YAML template without its actions, so that a parser reads it: lines of actions are blank, and
 * an action within a line is a word between two characters that no text has.
 *
 * <p>Of branches with equal keys the parser sees the last; {@link LineRule} sees them all.
 *
 * @param yaml the text with as many lines as before
 * @param actions what stood where the words stand
 */
record TemplateText(String yaml, List<String> actions) {
  /** Characters for private use, which YAML takes as letters. */
  static final char START = '\uE000';

  private static final char END = '\uE001';
  private static final Pattern COMMENT = Pattern.compile("\\{\\{(?:- )?\\s*+/\\*");
  private static final Pattern LINES = Pattern.compile("[^\n]+");
  private static final Pattern WORD = Pattern.compile(START + "([0-9]{1,9})" + END);
  private static final Pattern ONLY_WORDS =
      Pattern.compile("(?m)^[ \\t]*(?:" + START + "[0-9]++" + END + "[ \\t]*)++$");

  static TemplateText of(String template) {
    List<String> actions = new ArrayList<>();
    StringBuilder words = new StringBuilder();
    int copied = 0;
    for (int start = template.indexOf("{{"); start >= 0; start = template.indexOf("{{", copied)) {
      int close = template.indexOf("}}", start);
      if (close < 0) {
        break;
      }
      String action = template.substring(start, close + 2);
      words.append(template, copied, start).append(START).append(actions.size()).append(END);
      // An action over several lines leaves its line ends behind.
      words.append(LINES.matcher(action).replaceAll(""));
      actions.add(action);
      copied = close + 2;
    }
    words.append(template, copied, template.length());
    return new TemplateText(ONLY_WORDS.matcher(words).replaceAll(""), actions);
  }

  /** The template with its comments blanked, which may hold lines that look like others. */
  static String withoutComments(String template) {
    StringBuilder text = new StringBuilder();
    int copied = 0;
    Matcher comment = COMMENT.matcher(template);
    while (comment.find(copied)) {
      int close = template.indexOf("*/", comment.end());
      close = close < 0 ? -1 : template.indexOf("}}", close);
      if (close < 0) {
        break;
      }
      text.append(template, copied, comment.start());
      text.append(LINES.matcher(template.substring(comment.start(), close + 2)).replaceAll(""));
      copied = close + 2;
    }
    return text.append(template, copied, template.length()).toString();
  }

  /** A text of the parsed document as it stands in the template. */
  String restore(String text) {
    if (text.indexOf(START) < 0) {
      return text;
    }
    return WORD.matcher(text)
        .replaceAll(
            match -> {
              int number = Integer.parseInt(match.group(1));
              return Matcher.quoteReplacement(number < actions.size() ? actions.get(number) : "");
            });
  }
}
