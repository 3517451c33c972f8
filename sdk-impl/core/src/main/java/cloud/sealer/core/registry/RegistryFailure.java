package cloud.sealer.core.registry;

import cloud.sealer.core.retry.FailedTry;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Why one try of a request failed, and whether another may help. Inside this package only: {@link
 * cloud.sealer.core.retry.Retries} turns it into a {@link SealerException} once it is final, and
 * knows then how often it was tried.
 */
final class RegistryFailure extends FailedTry {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient Map<String, Object> details = new TreeMap<>();
  private String remedy = "";
  private int maxAttempts = 1;
  private @Nullable Duration retryAfter;

  private RegistryFailure(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  static RegistryFailure of(ErrorCode code, String message) {
    return new RegistryFailure(code, message);
  }

  RegistryFailure remedy(String text) {
    this.remedy = text;
    return this;
  }

  RegistryFailure because(Throwable cause) {
    initCause(cause);
    return this;
  }

  RegistryFailure detail(String name, Object value) {
    details.put(name, value);
    return this;
  }

  /** Another try may help, as often as the options allow. */
  RegistryFailure retry() {
    return retryUpTo(Integer.MAX_VALUE);
  }

  /** Another try may help, but no more than that many tries make sense. */
  RegistryFailure retryUpTo(int attempts) {
    this.maxAttempts = attempts;
    return this;
  }

  RegistryFailure retryAfter(Optional<Duration> wait) {
    this.retryAfter = wait.orElse(null);
    return this;
  }

  ErrorCode code() {
    return code;
  }

  @Override
  protected int maxAttempts() {
    return maxAttempts;
  }

  @Override
  protected Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  @Override
  protected SealerException toSealerException(String what, int attempts) {
    SealerException.Builder builder =
        SealerException.builder(code, what + ": " + getMessage())
            .retryable(maxAttempts > 1)
            .attempts(attempts)
            .remedy(remedy)
            .cause(getCause());
    details.forEach(builder::detail);
    return builder.build();
  }
}
