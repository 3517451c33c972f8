package cloud.sealer.kubernetes.preflight;

import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.HostFinding;
import java.util.List;

/** All checks of all hosts. */
public final class Preflight {
  private Preflight() {}

  /** Everything found, in the order of the hosts. */
  public static List<HostFinding> check(Situation situation) {
    return List.of();
  }
}
