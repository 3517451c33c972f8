package cloud.sealer.kubernetes.preflight;

import cloud.sealer.kubernetes.rootfs.RegistrySettings;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.HostFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
      } else if (view.equals(situation.hosts().get(0))) {
        situation
            .recorded()
            .filter(ClusterState::complete)
            .map(state -> Networks.of(situation, state.spec()))
            .ifPresent(before -> NetworkChecks.kept(report, before, networks));
      }
    }
    return findings;
  }

  /** How the registry of the cluster is, as image and Clusterfile say. */
  public static RegistrySettings registry(Situation situation) {
    return RegistryPlace.settings(situation);
  }

  /**
   * The networks of the cluster's pods and services, as image and Clusterfile say; for an image
   * without Kubernetes, as those of the cluster say that is there.
   */
  public static List<String> networks(Situation situation) {
    Situation ofCluster =
        situation.installed().stream()
            .filter(each -> each.image().bringsKubernetes())
            .findFirst()
            .map(each -> of(situation, each))
            .orElse(situation);
    Networks networks = Networks.of(ofCluster);
    return Stream.concat(networks.pods().stream(), networks.services().stream())
        .map(Networks.Network::text)
        .toList();
  }

  private static Situation of(Situation situation, Situation.Installed cluster) {
    return new Situation(
        situation.change(),
        cluster.spec(),
        situation.recorded(),
        Optional.of(cluster.image()),
        List.of(),
        situation.hosts(),
        List.of(),
        List.of());
  }

  /** Whether nothing on the host is ours yet. */
  private static boolean isFresh(Situation situation, HostView view) {
    return !situation.isNode(view.address())
        && view.record().steps().isEmpty()
        && view.record().begun().isEmpty();
  }
}
