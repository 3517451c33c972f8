package cloud.sealer.core.retry;

import java.time.Duration;

/** Waits. Injected, so that tests of retries do not. */
@FunctionalInterface
public interface Sleeper {
  /** Lets the calling thread sleep. */
  Sleeper THREAD = duration -> Thread.sleep(duration.toMillis());

  /**
   * Waits.
   *
   * @param duration how long
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  void sleep(Duration duration) throws InterruptedException;
}
