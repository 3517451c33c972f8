package cloud.sealer.core.retry;

import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A try that failed in a way understood well enough to know whether another makes sense. */
public abstract class FailedTry extends IOException {
  private static final long serialVersionUID = 1L;

  /** A failure whose message stands after the words for what failed. */
  protected FailedTry(String message) {
    super(message);
  }

  /** The same with a cause. */
  protected FailedTry(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** How many tries make sense in all, whatever the settings allow; 1 if another cannot help. */
  protected abstract int maxAttempts();

  /** How long the server asks to wait. */
  protected abstract Optional<Duration> retryAfter();

  /** What the caller of the library gets when that many tries have failed. */
  protected abstract SealerException toSealerException(String what, int attempts);
}
