package cloud.sealer.aliyun;

import cloud.sealer.core.retry.FailedTry;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the cloud answers in place of a result. */
final class CloudError extends FailedTry {
  /** The detail of an exception that holds the cloud's word for what is wrong. */
  static final String CODE = "cloudCode";

  private static final long serialVersionUID = 1L;
  private static final int SERVER = 500;
  private static final int TOO_MANY = 429;

  /** What passes by itself. */
  private static final Pattern PASSING =
      Pattern.compile(
          "Throttling.*|ServiceUnavailable.*|InternalError|UnknownError|RequestTimeout"
              + "|LastTokenProcessing|OperationConflict|TaskConflict.*|.*SystemBusy.*");

  private static final Pattern LOGIN =
      Pattern.compile(
          "InvalidAccessKeyId.*|SignatureDoesNotMatch|IncompleteSignature|InvalidSecurityToken.*"
              + "|Forbidden\\.(RAM|AccessKeyDisabled)|NoPermission|UnauthorizedOperation");

  private final String code;
  private final boolean passing;
  private final @Nullable Duration wait;

  private CloudError(
      String code,
      String message,
      boolean passing,
      @Nullable Duration wait,
      @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.passing = passing;
    this.wait = wait;
  }

  /** An answer with an error. */
  static CloudError answered(int status, String code, String message, Optional<Duration> wait) {
    boolean passing = status >= SERVER || status == TOO_MANY || PASSING.matcher(code).matches();
    return new CloudError(
        code, code + ": " + message + " (HTTP " + status + ")", passing, wait.orElse(null), null);
  }

  /** No answer, or none that can be read. */
  static CloudError silent(Throwable cause) {
    String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new CloudError("", "no answer: " + reason, true, null, cause);
  }

  /** The cloud's word for what is wrong; empty if it said nothing. */
  static String code(SealerException failure) {
    return String.valueOf(failure.details().getOrDefault(CODE, ""));
  }

  @Override
  protected int maxAttempts() {
    return passing ? Integer.MAX_VALUE : 1;
  }

  @Override
  protected Optional<Duration> retryAfter() {
    return Optional.ofNullable(wait);
  }

  @Override
  protected SealerException toSealerException(String what, int attempts) {
    boolean login = LOGIN.matcher(code).matches();
    ErrorCode kind =
        login
            ? ErrorCode.UNAUTHORIZED
            : code.isEmpty() ? ErrorCode.UNREACHABLE : ErrorCode.MACHINES_UNAVAILABLE;
    String tries = attempts > 1 ? " after " + attempts + " attempts" : "";
    return SealerException.builder(kind, what + " failed" + tries + ": " + getMessage())
        .remedy(remedy(login))
        .retryable(passing)
        .attempts(attempts)
        .detail(CODE, code)
        .cause(getCause())
        .build();
  }

  private String remedy(boolean login) {
    if (login) {
      return "check the access key, and that its user may manage ECS, VPC and EIP resources";
    }
    if (code.isEmpty()) {
      return "check the network to the endpoint of the region, then try again";
    }
    if (code.startsWith("QuotaExceed") || code.contains("QuotaExceeded")) {
      return "remove what is not needed any more, or ask for a higher quota";
    }
    return passing ? "try again later" : "look the code up in the cloud's list of errors";
  }
}
