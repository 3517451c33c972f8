package cloud.sealer.kubernetes.yaml;

import java.util.ArrayList;
import java.util.List;

/**
 * The text of one YAML document of a file.
 *
 * <p>Documents are told apart by their lines, not by a parser: one that is not YAML, such as a
 * template, does not hide those after it. A line that begins with {@code ---} or {@code ...} ends a
 * document wherever it stands, by YAML 1.2, section 9.1.2; an indented one is content.
 *
 * @param text the document without its markers
 * @param firstLine the line of the file where the text starts, from 1
 */
public record YamlText(String text, int firstLine) {
  /** The documents of a file that are more than comments. */
  public static List<YamlText> split(String file) {
    List<YamlText> documents = new ArrayList<>();
    String rest = file.startsWith("\uFEFF") ? file.substring(1) : file;
    StringBuilder document = new StringBuilder();
    int first = 1;
    int line = 0;
    for (int start = 0; start < rest.length(); ) {
      int newline = rest.indexOf('\n', start);
      int end = newline < 0 ? rest.length() : newline + 1;
      String text = rest.substring(start, end);
      start = end;
      line++;
      if (!marker(text)) {
        document.append(text);
        continue;
      }
      add(documents, document, first);
      document.setLength(0);
      first = line + 1;
      String behind = text.substring(3);
      if (text.startsWith("---") && !isComment(behind)) {
        // "--- {a: b}" and "--- |" are content; blanks keep its column.
        document.append("   ").append(behind);
        first = line;
      }
    }
    add(documents, document, first);
    return documents;
  }

  private static boolean marker(String line) {
    return (line.startsWith("---") || line.startsWith("..."))
        && (line.length() == 3 || Character.isWhitespace(line.charAt(3)));
  }

  private static void add(List<YamlText> documents, CharSequence document, int first) {
    String text = document.toString();
    if (!text.lines().allMatch(YamlText::isComment)) {
      documents.add(new YamlText(text, first));
    }
  }

  private static boolean isComment(String line) {
    String text = line.strip();
    return text.isEmpty() || text.startsWith("#");
  }
}
