package cloud.sealer.core.kubefile;

import cloud.sealer.sdk.SourcePosition;
import java.util.List;

/**
 * A logical line: an instruction with its continuations joined, which still knows where each part
 * stood.
 */
final class Line {
  private final String source;
  private final String file;
  private final List<Segment> segments;
  private final Word word;
  private final Word value;
  private int knownLine;
  private int knownOffset;
  private int knownColumn;

  /**
   * A piece of a physical line.
   *
   * @param offset where it starts in the logical line
   * @param start where it starts in the source
   * @param line the number of the physical line
   * @param lineStart where that line starts in the source
   */
  record Segment(int offset, int start, int line, int lineStart) {}

  Line(String source, String file, String text, List<Segment> segments) {
    this.source = source;
    this.file = file;
    this.segments = List.copyOf(segments);
    Word whole = new Word(text, 0).from(0);
    this.word = whole.first();
    this.value = whole.from(word.text().length());
  }

  /** The instruction's word, as written. */
  Word word() {
    return word;
  }

  /** What follows the word, without blanks around it. */
  Word value() {
    return value;
  }

  SourcePosition position(Word part) {
    return position(part.offset());
  }

  /** Where a character of the logical line stands in the file; columns count code points. */
  SourcePosition position(int offset) {
    int low = 0;
    int high = segments.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (segments.get(middle).offset() <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    Segment segment = segments.get(low);
    int at = segment.start() + offset - segment.offset();
    // Counting goes on from the last position asked for, or many mistakes on one long line would
    // cost n².
    if (knownLine != segment.line() || at < knownOffset) {
      knownLine = segment.line();
      knownOffset = segment.lineStart();
      knownColumn = 1;
    }
    knownColumn += source.codePointCount(knownOffset, at);
    knownOffset = at;
    return new SourcePosition(file, knownLine, knownColumn);
  }
}
