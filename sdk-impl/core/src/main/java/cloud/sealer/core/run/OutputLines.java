package cloud.sealer.core.run;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts bytes into lines of text. Bytes that are not UTF-8 are replaced; a line of more than 64 KiB
 * comes in pieces, cut between characters. Not thread-safe.
 */
public final class OutputLines {
  private static final int LIMIT = 64 * 1024;

  private final Consumer<String> lines;
  private final byte[] line = new byte[LIMIT];
  private int length;
  private boolean continued;

  /**
   * A cutter.
   *
   * @param lines gets each line, without its end
   */
  public OutputLines(Consumer<String> lines) {
    this.lines = lines;
  }

  /** Adds bytes. */
  public void write(byte[] bytes, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      if (bytes[i] == '\n') {
        endLine();
      } else {
        if (length == LIMIT) {
          emitPiece();
        }
        line[length++] = bytes[i];
      }
    }
  }

  /** Passes on a last line without a line end. */
  public void end() {
    if (length > 0) {
      endLine();
    }
  }

  private void endLine() {
    int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
    if (end > 0 || !continued) {
      lines.accept(new String(line, 0, end, StandardCharsets.UTF_8));
    }
    length = 0;
    continued = false;
  }

  private void emitPiece() {
    int cut = length - incomplete();
    lines.accept(new String(line, 0, cut, StandardCharsets.UTF_8));
    System.arraycopy(line, cut, line, 0, length - cut);
    length -= cut;
    continued = true;
  }

  /** How many bytes at the end begin a character whose rest is yet to come. */
  private int incomplete() {
    for (int back = 1; back <= 3; back++) {
      int value = line[length - back] & 0xff;
      if (value >= 0xc0) {
        int needed = value >= 0xf0 ? 4 : value >= 0xe0 ? 3 : 2;
        return needed > back ? back : 0;
      }
      if (value < 0x80) {
        return 0;
      }
    }
    return 0;
  }
}
