package cloud.sealer.core.fetch;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A failed try of a fetch that is understood well enough to know whether another makes sense. */
final class FetchFailure extends IOException {
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
  static FetchFailure passing(String message, @Nullable Duration wait) {
    return new FetchFailure(ErrorCode.FETCH_FAILED, message, true, "", wait, null);
  }

  /** A server that cannot be reached, or stopped talking. */
  static FetchFailure unreachable(String message, Throwable cause) {
    return new FetchFailure(ErrorCode.UNREACHABLE, message, true, "", null, cause);
  }

  boolean retryable() {
    return retryable;
  }

  Optional<Duration> serverWait() {
    return Optional.ofNullable(wait);
  }

  /** What the caller of the library gets. */
  SealerException toException(String source, int attempts) {
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
