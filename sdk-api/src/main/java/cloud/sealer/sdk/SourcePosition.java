package cloud.sealer.sdk;

import java.util.Objects;

/**
 * A place in a text file.
 *
 * @param file the file's name as the user gave it; {@code Kubefile} for text without a file
 * @param line the line, counted from 1; 0 where a thing was made by code and stands nowhere
 * @param column the column in characters, counted from 1; 0 where unknown
 */
public record SourcePosition(String file, int line, int column) {
  /** The position of what was made by code. */
  public static final SourcePosition NONE = new SourcePosition("Kubefile", 0, 0);

  /** Checks the parts. */
  public SourcePosition {
    Objects.requireNonNull(file, "file");
    if (line < 0 || column < 0) {
      throw new IllegalArgumentException("line and column must not be negative");
    }
  }

  /** Returns {@code file:line:column}, or the file alone where the line is unknown. */
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
