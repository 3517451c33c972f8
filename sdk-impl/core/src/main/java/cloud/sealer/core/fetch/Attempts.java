package cloud.sealer.core.fetch;

import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.time.Duration;

/**
 * Tries again after failures that may pass, waiting longer each time, or as long as the server
 * asks.
 */
final class Attempts {
  /** A server that asks for more patience than this is reported instead. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private final RegistryOptions options;
  private final Sleeper sleeper;

  Attempts(RegistryOptions options, Sleeper sleeper) {
    this.options = options;
    this.sleeper = sleeper;
  }

  /** How to wait; replaced by tests. */
  @FunctionalInterface
  interface Sleeper {
    /** Waits on this thread. */
    Sleeper THREAD = delay -> Thread.sleep(delay.toMillis());

    /** Waits. */
    void sleep(Duration delay) throws InterruptedException;
  }

  /** One try. */
  @FunctionalInterface
  interface Attempt {
    /** Does all of the work, or fails. */
    void run() throws FetchFailure, InterruptedException;
  }

  /**
   * Tries until it works.
   *
   * @throws cloud.sealer.sdk.SealerException if it keeps failing, or fails for good
   */
  void run(String source, Task task, Attempt attempt) throws InterruptedException {
    for (int number = 1; ; number++) {
      try {
        attempt.run();
        return;
      } catch (FetchFailure failure) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException();
        }
        Duration delay = failure.serverWait().orElseGet(() -> options.retryDelay());
        if (failure.serverWait().isEmpty()) {
          delay = delay.multipliedBy(1L << Math.min(number - 1, 10));
        }
        boolean tooLong = delay.compareTo(LONGEST_WAIT) > 0;
        if (!failure.retryable() || number >= options.attempts() || tooLong) {
          throw failure.toException(source, number);
        }
        task.retried(number, delay, message(failure));
        sleeper.sleep(delay);
      }
    }
  }

  private static String message(IOException failure) {
    return String.valueOf(failure.getMessage());
  }
}
