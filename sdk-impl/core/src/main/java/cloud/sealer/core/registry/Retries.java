package cloud.sealer.core.registry;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * Tries a request again while that may help: after network failures, busy servers and server
 * errors, with a delay that doubles, or the one the server asks for. All exceptions leave this
 * package here.
 */
final class Retries {
  private static final Duration MAX_DELAY = Duration.ofMinutes(1);
  private static final int MAX_DOUBLINGS = 20;
  private static final int JITTER_PART = 4;

  private final int attempts;
  private final Duration delay;
  private final Sleeper sleeper;
  private final BooleanSupplier closed;

  Retries(int attempts, Duration delay, Sleeper sleeper, BooleanSupplier closed) {
    this.attempts = attempts;
    this.delay = delay;
    this.sleeper = sleeper;
    this.closed = closed;
  }

  /** One try. */
  @FunctionalInterface
  interface Try<T> {
    T run() throws IOException, InterruptedException;
  }

  /** Hears of tries that failed and are followed by another. */
  @FunctionalInterface
  interface Observer {
    void retried(int attempt, Duration delay, String cause);
  }

  /**
   * Tries until it works or another try makes no sense.
   *
   * @param what the work as a noun, such as {@code "download of …"}, which begins the message of a
   *     failure
   */
  <T> T run(String what, Observer observer, Try<T> request) {
    for (int attempt = 1; ; attempt++) {
      RegistryFailure failure;
      try {
        checkGoesOn(what);
        return request.run();
      } catch (InterruptedException e) {
        throw SealerException.cancelled(what);
      } catch (RegistryFailure e) {
        failure = e;
      } catch (IOException e) {
        failure =
            RegistryFailure.of(
                    ErrorCode.UNREACHABLE, ErrorBody.clean(String.valueOf(e.getMessage())))
                .because(e)
                .retry();
      }
      checkGoesOn(what);
      if (attempt >= Math.min(attempts, failure.maxAttempts())) {
        throw failure.toSealerException(what, attempt);
      }
      Duration wait = wait(attempt, failure);
      observer.retried(attempt, wait, String.valueOf(failure.getMessage()));
      try {
        sleeper.sleep(wait);
      } catch (InterruptedException e) {
        throw SealerException.cancelled(what);
      }
    }
  }

  private void checkGoesOn(String what) {
    if (Thread.currentThread().isInterrupted()) {
      throw SealerException.cancelled(what);
    }
    if (closed.getAsBoolean()) {
      throw SealerException.builder(
              ErrorCode.CANCELLED, what + " was cancelled: the registry client is closed")
          .build();
    }
  }

  private Duration wait(int attempt, RegistryFailure failure) {
    if (failure.retryAfter().isPresent()) {
      return failure.retryAfter().get();
    }
    Duration doubled = delay.multipliedBy(1L << Math.min(attempt - 1, MAX_DOUBLINGS));
    long millis = (doubled.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : doubled).toMillis();
    // Many threads that fail together must not come back together.
    return Duration.ofMillis(
        millis + ThreadLocalRandom.current().nextLong(millis / JITTER_PART + 1));
  }
}
