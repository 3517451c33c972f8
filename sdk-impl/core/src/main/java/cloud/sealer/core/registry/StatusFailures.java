package cloud.sealer.core.registry;

import cloud.sealer.core.retry.RetryAfter;
import cloud.sealer.sdk.ErrorCode;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Says what an HTTP status other than success means for the caller. */
final class StatusFailures {
  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);
  private static final int PROXY_REFUSED = 407;
  private static final Set<Integer> REFUSED = Set.of(401, 403);
  private static final int STORAGE_FULL = 507;
  // Harbor answers with 403 and the code DENIED, and says the latter.
  private static final Pattern QUOTA =
      Pattern.compile("\\bquota\\b|exceed the configured upper limit", Pattern.CASE_INSENSITIVE);

  private StatusFailures() {}

  /**
   * The failure of an answer. Reads the start of its body; the caller closes it.
   *
   * @param registry whose answer it is, as users name it
   * @param missing what 404 means
   * @param now for a date in {@code Retry-After}
   */
  static RegistryFailure of(Answer answer, String registry, ErrorCode missing, Instant now) {
    int status = answer.status();
    byte[] body = answer.readStart(ErrorBody.LIMIT);
    String text = ErrorBody.text(body);
    String message =
        answer.request() + " was answered with " + status + (text.isEmpty() ? "" : ": " + text);
    RegistryFailure failure;
    if (answer.isForeign() && REFUSED.contains(status)) {
      // The signed URL of an object store has expired: the registry gives a new one.
      failure = RegistryFailure.of(ErrorCode.REGISTRY_ERROR, message).retry();
    } else if (REFUSED.contains(status) || ErrorBody.codes(body).contains("DENIED")) {
      failure = unauthorized(message, registry);
    } else if (status == 404) {
      failure = RegistryFailure.of(missing, message);
    } else {
      failure = RegistryFailure.of(ErrorCode.REGISTRY_ERROR, message);
    }
    remedy(status, text).ifPresent(failure::remedy);
    if (status == PROXY_REFUSED) {
      failure =
          RegistryFailure.of(ErrorCode.UNAUTHORIZED, message)
              .remedy("give the proxy the right name and password");
    }
    if (PASSING.contains(status)) {
      failure
          .retry()
          .retryAfter(answer.header("Retry-After").flatMap(value -> RetryAfter.parse(value, now)));
    }
    if (status == 400 && text.contains("HTTP request to an HTTPS server")) {
      failure.remedy("the registry speaks HTTPS: do not allow plain HTTP for " + registry);
    }
    return failure.detail("status", status).detail("registry", registry);
  }

  /** What helps against an answer that tells more than who may do what. */
  private static Optional<String> remedy(int status, String text) {
    if (status == STORAGE_FULL || QUOTA.matcher(text).find()) {
      return Optional.of("free space in the registry, or raise the quota of its project");
    }
    if (status >= 500) {
      return Optional.of(
          "look into the log of the registry, its storage may be full; then try again: what it has"
              + " already does not travel again");
    }
    return switch (status) {
      case 405 ->
          Optional.of(
              "the registry takes no such request: it may be read-only for maintenance, or a cache"
                  + " of another registry");
      case 413 ->
          Optional.of("raise the size of uploads that the registry, or a proxy before it, takes");
      case 429 -> Optional.of("wait a while, or log in for a higher limit, or use a mirror");
      default -> Optional.empty();
    };
  }

  static RegistryFailure unauthorized(String message, String registry) {
    return RegistryFailure.of(ErrorCode.UNAUTHORIZED, message)
        .remedy(
            "log in with credentials that may do this: RegistryOptions.credentials or dockerConfig,"
                + " on the command line: sealer login "
                + registry
                + "; registries also answer so if the repository does not exist");
  }

  static boolean isUnauthorized(RegistryFailure failure) {
    return failure.code() == ErrorCode.UNAUTHORIZED;
  }
}
