package cloud.sealer.core.run;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a command prints until no process can print any more. If the receiver fails, the rest
 * is read and dropped, as a full pipe would block the command.
 */
final class OutputReader {
  private static final long PATIENCE_MILLIS = 2_000;

  private final InputStream stream;
  private final Consumer<String> lines;
  private final Thread thread;
  private volatile boolean reading;
  private volatile @Nullable RuntimeException failure;

  OutputReader(InputStream stream, Consumer<String> lines) {
    this.stream = stream;
    this.lines = lines;
    this.thread = new Thread(this::read, "sealer-run-output");
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void read() {
    OutputLines splitter = new OutputLines(this::pass);
    byte[] buffer = new byte[8192];
    try {
      while (true) {
        reading = true;
        int count = stream.read(buffer);
        reading = false;
        if (count < 0) {
          break;
        }
        splitter.write(buffer, 0, count);
      }
    } catch (IOException e) {
      // The pipe is gone, and with it everyone who could print.
      reading = false;
    }
    splitter.end();
  }

  private void pass(String line) {
    if (failure == null) {
      try {
        lines.accept(line);
      } catch (RuntimeException e) {
        failure = e;
      }
    }
  }

  /**
   * Waits for the rest of the output after the command has ended. A slow receiver gets all the time
   * it needs unless the command was ended early; a pipe that stays open without a word does not.
   *
   * @return whether the thread was interrupted meanwhile
   */
  boolean finish(boolean early) {
    boolean interrupted = false;
    long patience = PATIENCE_MILLIS;
    while (thread.isAlive() && patience > 0) {
      try {
        thread.join(100);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      if (reading || early || interrupted) {
        patience -= 100;
      } else {
        patience = PATIENCE_MILLIS;
      }
    }
    RuntimeException caught = failure;
    if (caught != null) {
      throw caught;
    }
    return interrupted;
  }
}
