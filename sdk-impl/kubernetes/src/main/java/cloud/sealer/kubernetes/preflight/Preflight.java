package cloud.sealer.kubernetes.preflight;

import cloud.sealer.kubernetes.rootfs.RegistrySettings;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.HostFinding;
import java.util.ArrayList;
import java.util.List;

/** All checks of all hosts, on what is known of them already. */
public final class Preflight {
  private Preflight() {}

  /** Everything found, in the order of the hosts. */
  public static List<HostFinding> check(Situation situation) {
    List<HostFinding> findings = new ArrayList<>();
    RegistryPlace registry = RegistryPlace.of(situation);
    Networks networks = Networks.of(situation);
    for (HostView view : situation.hosts()) {
      Report report = new Report(view, findings);
      MachineChecks.check(report, situation);
      IdentityChecks.check(report, situation);
      DiskChecks.check(report, situation, registry);
      if (isFresh(situation, view)) {
        ConflictChecks.check(report, situation, registry);
        NetworkChecks.check(report, networks);
        if (view.equals(situation.hosts().get(0))) {
          NetworkChecks.ofCluster(report, networks);
        }
      }
    }
    return findings;
  }

  /** How the registry of the cluster is, as image and Clusterfile say. */
  public static RegistrySettings registry(Situation situation) {
    return RegistryPlace.settings(situation);
  }

  /** Whether nothing on the host is ours yet. */
  private static boolean isFresh(Situation situation, HostView view) {
    return !situation.isNode(view.address())
        && view.record().steps().isEmpty()
        && view.record().begun().isEmpty();
  }
}
