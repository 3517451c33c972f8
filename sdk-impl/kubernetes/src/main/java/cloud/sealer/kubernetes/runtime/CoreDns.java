package cloud.sealer.kubernetes.runtime;

import java.util.List;

/**
 * What {@code kubeadm upgrade apply} brings whether it is wanted or not: CoreDNS, also to a cluster
 * that was made without it and has no image of it.
 *
 * @param there what of it was there before
 */
record CoreDns(List<String> there) {
  /** Its objects; the Service is shared with whoever else serves names. */
  private static final List<String> OBJECTS =
      List.of(
          "deployment/coredns",
          "configmap/coredns",
          "serviceaccount/coredns",
          "service/kube-dns",
          "clusterrole/system:coredns",
          "clusterrolebinding/system:coredns");

  CoreDns {
    there = List.copyOf(there);
  }

  /** Looks before an upgrade. */
  static CoreDns before(Kubectl kubectl) {
    return new CoreDns(
        OBJECTS.stream().filter(object -> kubectl.has("kube-system", object)).toList());
  }

  /** Takes away what was not there before, after an upgrade. */
  void removeWhatIsNew(Kubectl kubectl) {
    for (String object : OBJECTS) {
      if (!there.contains(object)) {
        kubectl.run("-n", "kube-system", "delete", object, "--ignore-not-found");
      }
    }
  }
}
