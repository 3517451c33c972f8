package cloud.sealer.core.retry;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Tries a request again while that may help: after network failures, busy servers and server
 * errors, with a delay that doubles, or the one the server asks for. Thread-safe.
 */
public final class Retries {
  /** A server that asks for more patience than this is reported instead. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private final int attempts;
  private final Backoff backoff;
  private final Function<IOException, FailedTry> unknown;
  private final BooleanSupplier closed;

  /**
   * Retries as the options say.
   *
   * @param options how often, and with which delay
   * @param sleeper waits between tries
   * @param unknown makes sense of failures that are no {@link FailedTry}
   * @param closed whether the client was closed, so that nothing is tried any more
   */
  public Retries(
      RegistryOptions options,
      Sleeper sleeper,
      Function<IOException, FailedTry> unknown,
      BooleanSupplier closed) {
    this(options.attempts(), new Backoff(options.retryDelay(), sleeper), unknown, closed);
  }

  /**
   * Retries that often.
   *
   * @param attempts how many tries there are, at least 1
   * @param delay before the second try, doubled for each further
   * @param sleeper waits between tries
   * @param unknown makes sense of failures that are no {@link FailedTry}
   * @param closed whether the client was closed, so that nothing is tried any more
   */
  public Retries(
      int attempts,
      Duration delay,
      Sleeper sleeper,
      Function<IOException, FailedTry> unknown,
      BooleanSupplier closed) {
    this(attempts, new Backoff(delay, sleeper), unknown, closed);
  }

  private Retries(
      int attempts,
      Backoff backoff,
      Function<IOException, FailedTry> unknown,
      BooleanSupplier closed) {
    this.attempts = attempts;
    this.backoff = backoff;
    this.unknown = unknown;
    this.closed = closed;
  }

  /** The same with fewer tries, where there is something else to do instead of another one. */
  public Retries atMost(int tries) {
    return new Retries(Math.min(attempts, tries), backoff, unknown, closed);
  }

  /** One try. */
  @FunctionalInterface
  public interface Try<T> {
    /** Does all of the work, or fails. */
    T run() throws IOException, InterruptedException;
  }

  /** Hears of tries that failed and are followed by another. */
  @FunctionalInterface
  public interface Observer {
    /** A try failed; the next comes after the delay. */
    void retried(int attempt, Duration delay, String cause);
  }

  /**
   * Tries until it works or another try makes no sense.
   *
   * @param what the work as a noun, such as {@code "download of …"}, for the message of a failure
   */
  public <T> T run(String what, Observer observer, Try<T> request) {
    for (int attempt = 1; ; attempt++) {
      FailedTry failure;
      try {
        checkGoesOn(what);
        return request.run();
      } catch (InterruptedException e) {
        throw SealerException.cancelled(what);
      } catch (FailedTry e) {
        failure = e;
      } catch (IOException e) {
        failure = unknown.apply(e);
      }
      checkGoesOn(what);
      Duration wait = backoff.after(attempt, failure.retryAfter());
      if (attempt >= Math.min(attempts, failure.maxAttempts())
          || wait.compareTo(LONGEST_WAIT) > 0) {
        throw failure.toSealerException(what, attempt);
      }
      observer.retried(attempt, wait, String.valueOf(failure.getMessage()));
      backoff.sleep(wait, what);
    }
  }

  private void checkGoesOn(String what) {
    if (Thread.currentThread().isInterrupted()) {
      throw SealerException.cancelled(what);
    }
    if (closed.getAsBoolean()) {
      throw SealerException.builder(
              ErrorCode.CANCELLED, what + " was cancelled: its client is closed")
          .build();
    }
  }
}
