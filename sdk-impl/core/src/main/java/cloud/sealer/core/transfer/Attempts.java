package cloud.sealer.core.transfer;

import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Counts the tries of one transfer and waits between them, longer each time. A try that got further
 * than the one before starts the count anew, so a long transfer over a bad line is not given up
 * while it moves.
 */
public final class Attempts {
  private static final int MAX_DOUBLINGS = 6;

  private final int limit;
  private final Duration delay;
  private int failed;
  private long highest;

  /** Allows that many tries in a row, with that delay after the first. */
  public Attempts(int limit, Duration delay) {
    this.limit = limit;
    this.delay = delay;
  }

  /** How many tries failed since the last progress. */
  public int failed() {
    return failed;
  }

  /** Starts the count anew if the transfer got further than ever. */
  public void progressed(long position) {
    if (position > highest) {
      highest = position;
      failed = 0;
    }
  }

  /** Counts a failed try and waits, or returns false if it was the last one. */
  public boolean again(IOException cause, String what, Task task) {
    failed++;
    if (failed >= limit) {
      return false;
    }
    long millis = delay.toMillis() << Math.min(failed - 1, MAX_DOUBLINGS);
    long jitter = millis == 0 ? 0 : ThreadLocalRandom.current().nextLong(millis / 4 + 1);
    Duration wait = Duration.ofMillis(millis + jitter);
    task.retried(failed, wait, String.valueOf(cause.getMessage()));
    try {
      Thread.sleep(wait.toMillis());
    } catch (InterruptedException e) {
      throw SealerException.cancelled(what);
    }
    return true;
  }
}
