package cloud.sealer.kubernetes.cluster;

import cloud.sealer.kubernetes.kubeadm.KubernetesVersion;
import cloud.sealer.kubernetes.runtime.UpgradeNode;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Upgrades nodes that have an older Kubernetes than the image, one by one, control plane first. */
final class Upgrade {
  private static final String KUBELET = "kubelet ";

  private final Situation situation;
  private final HostView acting;
  private final KubernetesVersion target;
  private final boolean dns;

  Upgrade(Situation situation, HostView acting, KubernetesVersion target, boolean dns) {
    this.situation = situation;
    this.acting = acting;
    this.target = target;
    this.dns = dns;
  }

  List<Stage> stages() {
    List<HostView> ordered = new ArrayList<>(List.of(acting));
    situation.controlPlanes().stream().filter(view -> !view.equals(acting)).forEach(ordered::add);
    ordered.addAll(situation.workers());
    List<Stage> stages = new ArrayList<>();
    for (HostView view : ordered) {
      if (Members.isNode(view) && isOlder(view)) {
        stages.add(
            new Stage(
                "upgrade " + view.address(),
                List.of(new UpgradeNode(view, acting.address(), target, dns))));
      }
    }
    return stages;
  }

  /** Asked of the host: its record may be older than what somebody else did to it. */
  private boolean isOlder(HostView view) {
    Optional<KubernetesVersion> current = kubelet(view);
    if (current.isEmpty() || current.get().compareTo(target) == 0) {
      // An upgrade that was cut short has the programs, but not what comes after them.
      return view.record().begun("upgrade to " + target);
    }
    if (current.get().upgradesTo(target)) {
      return true;
    }
    boolean older = current.get().compareTo(target) > 0;
    throw SealerException.builder(
            ErrorCode.INVALID_REQUEST,
            view.address()
                + " has Kubernetes "
                + current.get()
                + ", the image has "
                + target
                + (older ? ": a node cannot go back" : ": a minor release cannot be left out"))
        .remedy(
            older
                ? "use an image with the same or a newer version"
                : "upgrade to an image of the next minor release first")
        .detail("host", view.address())
        .build();
  }

  static Optional<KubernetesVersion> kubelet(HostView view) {
    return view.facts().kubernetes().stream()
        .filter(program -> program.startsWith(KUBELET))
        .map(program -> KubernetesVersion.parse(program.substring(KUBELET.length())))
        .findFirst();
  }
}
