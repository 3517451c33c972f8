package cloud.sealer.core.discovery;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a YAML file at its document markers, so that only one document is in memory at a time and a
 * bad one does not spoil the others.
 *
 * <p>A line that starts with {@code ---} or {@code ...} is a marker wherever it stands (<a
 * href="https://yaml.org/spec/1.2.2/#rule-c-forbidden">YAML 1.2, c-forbidden</a>), so no parser is
 * needed.
 */
final class DocumentSplitter {
  /** Thirty times what an API server takes for one object, so that large lists fit. */
  static final int MAX_LENGTH = 32 << 20;

  private final LineReader lines;
  private @Nullable String pending;

  DocumentSplitter(Reader text) {
    lines = new LineReader(text);
  }

  /**
   * A piece of a file.
   *
   * @param text its lines, from its marker on, each ended with a newline
   * @param firstLine the line in the file where it starts
   * @param whole whether it is a whole document; false for a piece of one that is too long
   * @param longLine a line of it that is too long to be kept whole; 0 for none
   */
  record Piece(String text, int firstLine, boolean whole, int longLine) {}

  /** The next piece; null at the end of the file. */
  @Nullable Piece next() throws IOException {
    StringBuilder text = new StringBuilder();
    int firstLine = 0;
    int longLine = 0;
    boolean content = false;
    boolean whole = true;
    for (String line = line(); line != null; line = line()) {
      boolean starts = isMarker(line, "---");
      if (content && starts) {
        pending = line;
        break;
      }
      firstLine = firstLine == 0 ? lines.number() : firstLine;
      longLine = lines.truncated() ? lines.number() : longLine;
      content |= starts || !isPreamble(line);
      text.append(line).append('\n');
      if (isMarker(line, "...")) {
        break;
      }
      if (text.length() > MAX_LENGTH) {
        whole = false;
        break;
      }
    }
    return text.length() == 0 ? null : new Piece(text.toString(), firstLine, whole, longLine);
  }

  private @Nullable String line() throws IOException {
    if (pending == null) {
      return lines.next();
    }
    String line = pending;
    pending = null;
    return line;
  }

  private static boolean isMarker(String line, String marker) {
    return line.startsWith(marker)
        && (line.length() == 3 || Character.isWhitespace(line.charAt(3)));
  }

  /** What may stand before the marker of a document without being one. */
  private static boolean isPreamble(String line) {
    return line.isBlank() || line.startsWith("%") || line.stripLeading().startsWith("#");
  }
}
