package cloud.sealer.kubernetes.flow;

import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.PartialFailureException;
import cloud.sealer.sdk.SealerException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** What to throw when something failed on some hosts. */
final class HostFailures {
  private HostFailures() {}

  /** Hosts that could not be looked at: the failure itself if it is only one, else all of them. */
  static SealerException unreached(List<? extends Call.Attempt<?>> attempts) {
    List<HostResult> results =
        attempts.stream()
            .map(
                attempt ->
                    new HostResult(
                        attempt.host().address(),
                        attempt.failure() == null
                            ? HostResult.Outcome.UNCHANGED
                            : HostResult.Outcome.FAILED,
                        List.of(),
                        attempt.failure()))
            .toList();
    List<SealerException> failures =
        attempts.stream().map(Call.Attempt::failure).filter(Objects::nonNull).toList();
    return failures.size() == 1 ? failures.get(0) : of("nothing was done", results);
  }

  /** The exception with all results. */
  static PartialFailureException of(String outcome, List<HostResult> results) {
    List<HostResult> failed =
        results.stream().filter(result -> result.failure().isPresent()).toList();
    String message =
        failed.stream()
            .map(result -> message(result))
            .collect(
                Collectors.joining(
                    "\n  ",
                    failed.size() + " of " + results.size() + " hosts failed, " + outcome + ":\n  ",
                    ""));
    SealerException first = failed.get(0).failure().orElse(null);
    SealerException.Builder builder =
        SealerException.builder(cloud.sealer.sdk.ErrorCode.PARTIAL_FAILURE, message).cause(first);
    if (first != null) {
      builder.remedy(first.remedy()).retryable(first.retryable());
    }
    return new PartialFailureException(builder, results);
  }

  private static String message(HostResult result) {
    String message = result.failure().map(SealerException::getMessage).orElse("");
    String address = result.address().toString();
    return message.startsWith(address) ? message : address + ": " + message;
  }
}
