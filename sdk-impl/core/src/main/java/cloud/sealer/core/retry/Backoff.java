package cloud.sealer.core.retry;

import cloud.sealer.sdk.SealerException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait after a failure: twice as long each time, or as long as the server asks. */
final class Backoff {
  private static final Duration MAX_DELAY = Duration.ofMinutes(1);
  private static final int MAX_DOUBLINGS = 20;
  private static final int JITTER_PART = 4;

  private final Duration delay;
  private final Sleeper sleeper;

  Backoff(Duration delay, Sleeper sleeper) {
    this.delay = delay;
    this.sleeper = sleeper;
  }

  /** The time to wait after that many failures in a row. */
  Duration after(int failures, Optional<Duration> serverAsks) {
    if (serverAsks.isPresent()) {
      return serverAsks.get();
    }
    Duration doubled = delay.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
    long millis = (doubled.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : doubled).toMillis();
    // Many threads that fail together must not come back together.
    return Duration.ofMillis(
        millis + ThreadLocalRandom.current().nextLong(millis / JITTER_PART + 1));
  }

  /** Waits; an interrupt cancels {@code what}. */
  void sleep(Duration wait, String what) {
    try {
      sleeper.sleep(wait);
    } catch (InterruptedException e) {
      throw SealerException.cancelled(what);
    }
  }
}
