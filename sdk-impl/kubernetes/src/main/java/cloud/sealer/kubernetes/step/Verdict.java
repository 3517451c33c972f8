package cloud.sealer.kubernetes.step;

import cloud.sealer.kubernetes.record.Fingerprint;
import cloud.sealer.kubernetes.record.HostRecord;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether a step has to be executed.
 *
 * @param needed whether it has to
 * @param reason why, as a few words; empty if it does not have to
 */
public record Verdict(boolean needed, String reason) {
  /** It holds already. */
  public static final Verdict HOLDS = new Verdict(false, "");

  /** Checks the parts. */
  public Verdict {
    Objects.requireNonNull(reason, "reason");
  }

  /** It has to be executed. */
  public static Verdict needed(String reason) {
    return new Verdict(true, reason);
  }

  /** What record and probe say. */
  static Verdict of(Step step, HostRecord record, boolean probed) {
    if (!step.recorded()) {
      return needed("");
    }
    Optional<String> known = record.fingerprint(step.name());
    if (known.isEmpty()) {
      return needed(record.begun(step.name()) ? "was not finished" : "not done yet");
    }
    if (!known.get().equals(Fingerprint.of(step.fingerprint()))) {
      return needed("its input has changed");
    }
    return probed ? HOLDS : needed("its result is gone");
  }
}
