package cloud.sealer.core.discovery;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Reads lines with any line end, and no more of a line than a limit, however long it is. */
final class LineReader {
  /** Longer than any value an API server takes, which stops at some 3 MiB for a whole object. */
  static final int MAX_LENGTH = 4 << 20;

  private final Reader text;
  private int peeked = -2;
  private int number;
  private boolean truncated;

  LineReader(Reader text) {
    this.text = text;
  }

  /** The next line without its end; null at the end of the text. */
  @Nullable String next() throws IOException {
    int c = read();
    if (c < 0) {
      return null;
    }
    number++;
    truncated = false;
    StringBuilder line = new StringBuilder();
    for (; c >= 0 && c != '\n' && c != '\r'; c = read()) {
      if (line.length() < MAX_LENGTH) {
        line.append((char) c);
      } else {
        truncated = true;
      }
    }
    if (c == '\r') {
      int after = read();
      if (after != '\n') {
        peeked = after;
      }
    }
    return line.toString();
  }

  private int read() throws IOException {
    if (peeked != -2) {
      int c = peeked;
      peeked = -2;
      return c;
    }
    return text.read();
  }

  /** The number of the line that {@link #next} returned last, counted from 1. */
  int number() {
    return number;
  }

  /** Whether that line was longer than the limit. */
  boolean truncated() {
    return truncated;
  }
}
