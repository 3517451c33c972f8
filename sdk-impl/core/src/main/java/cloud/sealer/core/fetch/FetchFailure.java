package cloud.sealer.core.fetch;

import cloud.sealer.core.retry.FailedTry;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A failed try of a fetch that is understood well enough to know whether another makes sense. */
final class FetchFailure extends FailedTry {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final boolean retryable;
  private final String remedy;
  private final transient @Nullable Duration wait;

  private FetchFailure(
      ErrorCode code,
      String message,
      boolean retryable,
      String remedy,
      @Nullable Duration wait,
      @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.retryable = retryable;
    this.remedy = remedy;
    this.wait = wait;
  }

  /** A failure that trying again does not mend. */
  static FetchFailure lasting(ErrorCode code, String message, String remedy) {
    return new FetchFailure(code, message, false, remedy, null, null);
  }

  /** A failure that may be over soon; the server may have said when. */
  static FetchFailure passing(String message, Optional<Duration> wait) {
    return new FetchFailure(ErrorCode.FETCH_FAILED, message, true, "", wait.orElse(null), null);
  }

  /** Something unforeseen between here and the server. */
  static FetchFailure unknown(IOException cause) {
    String message = cause.getMessage();
    return unreachable(message == null ? cause.getClass().getSimpleName() : message, cause);
  }

  /** A server that cannot be reached, or stopped talking. */
  static FetchFailure unreachable(String message, Throwable cause) {
    return new FetchFailure(ErrorCode.UNREACHABLE, message, true, "", null, cause);
  }

  @Override
  protected int maxAttempts() {
    return retryable ? Integer.MAX_VALUE : 1;
  }

  @Override
  protected Optional<Duration> retryAfter() {
    return Optional.ofNullable(wait);
  }

  @Override
  protected SealerException toSealerException(String source, int attempts) {
    String tries = attempts > 1 ? " (tried " + attempts + " times)" : "";
    return SealerException.builder(code, "cannot fetch " + source + ": " + getMessage() + tries)
        .cause(this)
        .retryable(retryable)
        .attempts(attempts)
        .remedy(remedy)
        .detail("source", source)
        .build();
  }
}
