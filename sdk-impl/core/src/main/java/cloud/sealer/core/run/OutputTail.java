package cloud.sealer.core.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines a command printed, for its error message. Thread-safe, bounded. */
public final class OutputTail {
  private static final int LINES = 20;
  private static final int LENGTH = 500;

  private final Deque<String> lines = new ArrayDeque<>();

  /** Nothing printed yet. */
  public OutputTail() {}

  /** Adds a line. */
  public synchronized void add(String line) {
    if (lines.size() == LINES) {
      lines.removeFirst();
    }
    lines.addLast(line.length() > LENGTH ? line.substring(0, LENGTH) + "…" : line);
  }

  /** The last lines, in order. */
  public synchronized List<String> lines() {
    return List.copyOf(lines);
  }
}
