package cloud.sealer.core.kubefile;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a logical line.
 *
 * @param text the part
 * @param offset where it starts in the line
 */
record Word(String text, int offset) {
  boolean isEmpty() {
    return text.isEmpty();
  }

  /** The text up to the first blank. */
  Word first() {
    int end = 0;
    while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    return new Word(text.substring(0, end), offset);
  }

  /** The part from an index on, without blanks around it. */
  Word from(int index) {
    int start = index;
    while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
      start++;
    }
    return new Word(text.substring(start).stripTrailing(), offset + start);
  }

  /** The parts between blanks. */
  List<Word> split() {
    List<Word> words = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean blank = i == text.length() || Character.isWhitespace(text.charAt(i));
      if (blank && start >= 0) {
        words.add(new Word(text.substring(start, i), offset + start));
        start = -1;
      } else if (!blank && start < 0) {
        start = i;
      }
    }
    return words;
  }
}
