package cloud.sealer.kubernetes.preflight;

import cloud.sealer.kubernetes.preflight.Networks.Network;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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
    for (String wrong : networks.wrong()) {
      report.error(CHECK, wrong + " is no network, like 10.96.0.0/16", REMEDY);
    }
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

  /** A cluster that is there keeps the networks that it was made with. */
  static void kept(Report report, Networks before, Networks now) {
    kept(report, "pods", before.pods(), now.pods());
    kept(report, "services", before.services(), now.services());
  }

  private static void kept(Report report, String what, List<Network> before, List<Network> now) {
    if (!before.equals(now)) {
      report.warning(
          CHECK,
          "the network of "
              + what
              + " stays "
              + texts(before)
              + ": a cluster that is there keeps it, and "
              + texts(now)
              + " is not used",
          "leave it as it was, or delete the cluster and make it anew");
    }
  }

  private static String texts(List<Network> networks) {
    return networks.stream().map(Network::text).collect(Collectors.joining(","));
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
