package cloud.sealer.kubernetes.runtime;

import cloud.sealer.sdk.spi.HostSession;
import java.time.Duration;
import java.util.Optional;

/** How the rest of a cluster takes leave of a host, reachable or not. */
final class Departure {
  private static final Duration DRAIN_TIMEOUT = Duration.ofMinutes(6);

  private final HostSession controlPlane;
  private final Kubectl kubectl;
  private final String leaving;

  private Departure(HostSession controlPlane, String leaving) {
    this.controlPlane = controlPlane;
    this.kubectl = new Kubectl(controlPlane);
    this.leaving = leaving;
  }

  /**
   * The departure of a host.
   *
   * @param controlPlane a host of the control plane that stays
   * @param leaving the address of the node that goes
   */
  static Departure of(HostSession controlPlane, String leaving) {
    return new Departure(controlPlane, leaving);
  }

  /** Moves the pods of the node elsewhere, and keeps new ones from it. */
  void drain() {
    Optional<Node> node = kubectl.node(leaving);
    if (node.isEmpty()) {
      return;
    }
    // The flag had another name before release 1.20.
    String emptyDir =
        kubectl.run("drain", "--help").contains("--delete-emptydir-data")
            ? "--delete-emptydir-data"
            : "--delete-local-data";
    kubectl.run(
        DRAIN_TIMEOUT,
        "drain",
        node.get().name(),
        "--ignore-daemonsets",
        emptyDir,
        "--force",
        "--timeout=5m");
  }

  /** Removes the node, and its member of etcd. */
  void forget() {
    Etcd.on(controlPlane).ifPresent(etcd -> etcd.remove(leaving));
    Optional<Node> node = kubectl.node(leaving);
    if (node.isPresent()) {
      kubectl.run("delete", "node", node.get().name(), "--ignore-not-found");
    }
  }
}
