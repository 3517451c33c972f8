package cloud.sealer.core.kubefile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a text into logical lines: drops comments and blank lines, joins what a backslash continues.
 */
final class LineReader {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String text;
  private final String file;
  private int number;
  private int start;
  private int end;
  private int nextStart;
  private @Nullable Map<String, Integer> loneLines;

  LineReader(String text, String file) {
    this.text = text;
    this.file = file;
    this.nextStart = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
  }

  /** The next instruction's line; null at the end of the text. */
  @Nullable Line next() {
    while (advance()) {
      if (isSkipped()) {
        continue;
      }
      StringBuilder joined = new StringBuilder();
      List<Line.Segment> segments = new ArrayList<>();
      boolean open = append(joined, segments, firstCharacter());
      while (open && advance()) {
        if (!isSkipped()) {
          open = append(joined, segments, start);
        }
      }
      String line = joined.toString();
      if (!line.isBlank()) {
        return new Line(text, file, line, segments);
      }
    }
    return null;
  }

  /** Whether a later physical line consists of the given word alone. */
  boolean hasLoneLater(String word) {
    if (loneLines == null) {
      loneLines = findLoneLines();
    }
    return loneLines.getOrDefault(word, 0) > number;
  }

  /** Skips all physical lines up to and with the next one that consists of the word alone. */
  void skipPast(String word) {
    while (advance()) {
      if (text.substring(start, end).strip().equals(word)) {
        return;
      }
    }
  }

  private Map<String, Integer> findLoneLines() {
    Map<String, Integer> lines = new HashMap<>();
    LineReader all = new LineReader(text, file);
    while (all.advance()) {
      String line = text.substring(all.start, all.end).strip();
      if (!line.isEmpty() && line.chars().noneMatch(Character::isWhitespace)) {
        lines.put(line, all.number);
      }
    }
    return lines;
  }

  private boolean advance() {
    if (nextStart > text.length()) {
      return false;
    }
    start = nextStart;
    int newline = text.indexOf('\n', start);
    end = newline < 0 ? text.length() : newline;
    nextStart = end + 1;
    while (end > start && text.charAt(end - 1) == '\r') {
      end--;
    }
    number++;
    return true;
  }

  private int firstCharacter() {
    int first = start;
    while (first < end && Character.isWhitespace(text.charAt(first))) {
      first++;
    }
    return first;
  }

  private boolean isSkipped() {
    int first = firstCharacter();
    return first == end || text.charAt(first) == '#';
  }

  /** Adds the physical line from the given place on, and tells whether it is continued. */
  private boolean append(StringBuilder joined, List<Line.Segment> segments, int from) {
    int cut = end;
    while (cut > from && (text.charAt(cut - 1) == ' ' || text.charAt(cut - 1) == '\t')) {
      cut--;
    }
    boolean continued =
        cut > from
            && text.charAt(cut - 1) == '\\'
            && (cut - 1 == from || text.charAt(cut - 2) != '\\');
    segments.add(new Line.Segment(joined.length(), from, number, start));
    joined.append(text, from, continued ? cut - 1 : end);
    return continued;
  }
}
