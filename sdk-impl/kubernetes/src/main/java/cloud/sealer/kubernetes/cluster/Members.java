package cloud.sealer.kubernetes.cluster;

import cloud.sealer.kubernetes.runtime.KubeadmInit;
import cloud.sealer.kubernetes.runtime.KubeadmJoin;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the hosts are to the cluster, by their records. */
final class Members {
  private final Situation situation;

  Members(Situation situation) {
    this.situation = situation;
  }

  /** Whether a host was made a node. */
  static boolean isNode(HostView view) {
    return view.record().holds(KubeadmInit.NAME) || view.record().holds(KubeadmJoin.NAME);
  }

  /** Refuses hosts that are nodes in the other role: kubeadm has no way from one to the other. */
  void requireRoles() {
    for (HostView view : situation.hosts()) {
      boolean was =
          view.record().holds(KubeadmInit.NAME) || KubeadmJoin.ofControlPlane(view.record());
      if (isNode(view) && was != view.host().controlPlane()) {
        throw SealerException.builder(
                ErrorCode.INVALID_REQUEST,
                view.address()
                    + " is a "
                    + (was ? "control plane" : "worker")
                    + " of the cluster and cannot change its role in place")
            .remedy("remove the host from the cluster, then let it join in the other role")
            .detail("host", view.address())
            .build();
      }
    }
  }

  /** Whether there is a cluster that hosts can join. */
  boolean exists() {
    return Stream.concat(situation.hosts().stream(), situation.leaving().stream())
        .anyMatch(view -> view.host().controlPlane() && isNode(view));
  }

  /** A host of the control plane that is up and stays; empty if there is none yet. */
  Optional<HostView> running() {
    return situation.controlPlanes().stream()
        .filter(view -> view.record().holds(KubeadmInit.NAME))
        .findFirst()
        .or(() -> situation.controlPlanes().stream().filter(Members::isNode).findFirst());
  }

  /** The host of the control plane that everything is asked of. */
  HostView acting() {
    return running()
        .or(() -> exists() ? Optional.empty() : situation.controlPlanes().stream().findFirst())
        .orElseThrow(
            () ->
                SealerException.builder(
                        ErrorCode.INVALID_REQUEST,
                        exists()
                            ? "no host of the control plane of "
                                + situation.spec().name()
                                + " would stay"
                            : "the cluster " + situation.spec().name() + " has no control plane")
                    .remedy(
                        "leave one of its hosts in the spec, with the role master, until others"
                            + " have joined")
                    .build());
  }

  /** Whether a host starts the cluster, rather than joins it. */
  boolean initial(HostView view) {
    return exists()
        ? view.record().holds(KubeadmInit.NAME)
        : view.address().equals(acting().address());
  }

  /** The hosts that are to become nodes of a cluster that is there. */
  List<HostView> joining() {
    return exists() ? situation.hosts().stream().filter(view -> !isNode(view)).toList() : List.of();
  }
}
