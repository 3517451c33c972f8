package cloud.sealer.core.retry;

import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Counts the tries of one transfer and waits between them, longer each time. A try that got further
 * than the ones before starts the count anew, so a long transfer over a bad line is not given up
 * while it moves. Not thread-safe.
 */
public final class TransferAttempts {
  private final int limit;
  private final Backoff backoff;
  private int failed;
  private long highest;

  /** Allows as many tries in a row as the options say. */
  public TransferAttempts(RegistryOptions options, Sleeper sleeper) {
    this.limit = options.attempts();
    this.backoff = new Backoff(options.retryDelay(), sleeper);
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
    Duration wait = backoff.after(failed, Optional.empty());
    task.retried(failed, wait, String.valueOf(cause.getMessage()));
    backoff.sleep(wait, what);
    return true;
  }
}
