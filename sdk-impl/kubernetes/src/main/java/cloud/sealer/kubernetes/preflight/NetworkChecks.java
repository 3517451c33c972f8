package cloud.sealer.kubernetes.preflight;

import cloud.sealer.kubernetes.preflight.Networks.Network;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether pods, services and hosts have addresses of their own. Asked of hosts that nothing of ours
 * is on: a node has addresses of pods and services itself.
 */
final class NetworkChecks {
  private static final String CHECK = "networks";
  private static final String REMEDY =
      "set podSubnet and serviceSubnet of networking in a ClusterConfiguration document of the"
          + " Clusterfile";

  private NetworkChecks() {}

  /** What is about the cluster is told of one of its hosts. */
  static void ofCluster(Report report, Networks networks) {
    for (Network pods : networks.pods()) {
      for (Network services : networks.services()) {
        if (pods.overlaps(services)) {
          report.error(
              CHECK,
              "the network of pods, "
                  + pods.text()
                  + ", overlaps that of services, "
                  + services.text(),
              REMEDY);
        }
      }
    }
  }

  static void check(Report report, Networks networks) {
    Set<String> addresses = new LinkedHashSet<>();
    addresses.add(report.view().address().host());
    addresses.addAll(report.view().facts().addresses());
    for (String address : addresses) {
      check(report, address, "pods", networks.pods());
      check(report, address, "services", networks.services());
    }
  }

  private static void check(Report report, String address, String what, List<Network> networks) {
    networks.stream()
        .filter(network -> network.has(address))
        .forEach(
            network ->
                report.error(
                    CHECK,
                    "its address "
                        + address
                        + " lies in the network of "
                        + what
                        + ", "
                        + network.text(),
                    REMEDY));
  }
}
