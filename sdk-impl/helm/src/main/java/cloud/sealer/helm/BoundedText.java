package cloud.sealer.helm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads what a process prints to its end and keeps the last of it. Thread-safe. */
final class BoundedText {
  private static final int MAX_LENGTH = 4096;

  private final StringBuilder text = new StringBuilder();

  /** Reads until the stream ends. */
  void drain(InputStream in) {
    byte[] buffer = new byte[MAX_LENGTH];
    try (in) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        add(new String(buffer, 0, n, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      add(" (" + e.getMessage() + ")");
    }
  }

  private synchronized void add(String more) {
    text.append(more);
    text.delete(0, Math.max(0, text.length() - MAX_LENGTH));
  }

  /** The last lines. */
  @Override
  public synchronized String toString() {
    return text.toString().strip();
  }
}
