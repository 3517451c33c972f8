package cloud.sealer.sdk;

import java.util.List;
import java.util.Objects;

/**
 * What a change did.
 *
 * @param plan the steps
 * @param hosts what happened on each host, in the order of the spec
 */
public record RunResult(Plan plan, List<HostResult> hosts) {
  /** Checks and copies the parts. */
  public RunResult {
    Objects.requireNonNull(plan, "plan");
    hosts = List.copyOf(hosts);
  }
}
