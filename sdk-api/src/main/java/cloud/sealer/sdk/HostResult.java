package cloud.sealer.sdk;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happened on one host.
 *
 * @param address the host
 * @param outcome how it ended there
 * @param done the steps that were done, in order
 * @param problem why it failed; null unless it did
 */
public record HostResult(
    HostAddress address, Outcome outcome, List<String> done, @Nullable SealerException problem) {
  /** How it ended on a host. */
  public enum Outcome {
    /** All steps were done. */
    DONE,
    /** There was nothing to do. */
    UNCHANGED,
    /** A step failed. */
    FAILED,
    /** It was not its turn before the call ended, or its steps were undone. */
    NOT_DONE
  }

  /** Checks and copies the parts. */
  public HostResult {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(outcome, "outcome");
    done = List.copyOf(done);
  }

  /**
   * Why it failed.
   *
   * @return the failure; empty unless it did
   */
  public Optional<SealerException> failure() {
    return Optional.ofNullable(problem);
  }
}
