package cloud.sealer.kubernetes.preflight;

import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether something on a host that nothing of ours is on is in the way. */
final class ConflictChecks {
  private static final List<Integer> NODE_PORTS = List.of(10250);
  private static final List<Integer> CONTROL_PLANE_PORTS =
      List.of(2379, 2380, 6443, 10251, 10252, 10257, 10259);
  private static final String CLUSTER = "cluster-of-";

  private ConflictChecks() {}

  static void check(Report report, Situation situation, RegistryPlace registry) {
    HostView view = report.view();
    boolean kubernetes = Images.hasKubernetes(situation, view);
    for (String trait : new TreeSet<>(view.traits())) {
      if (trait.startsWith(CLUSTER)) {
        report.error(
            "cluster",
            "it belongs to the cluster " + trait.substring(CLUSTER.length()).replaceAll("/.*", ""),
            "delete that cluster first, or use another host");
      }
    }
    if (!kubernetes) {
      return;
    }
    if (!view.facts().kubernetes().isEmpty()) {
      report.error(
          "kubernetes",
          "it has Kubernetes that is not of this cluster: "
              + String.join(", ", view.facts().kubernetes()),
          "remove that, or use another host");
    }
    List<String> others =
        view.facts().runtimes().stream()
            .filter(runtime -> !runtime.startsWith("docker") && !runtime.startsWith("containerd"))
            .toList();
    if (!others.isEmpty()) {
      report.warning("runtime", "it has another runtime: " + String.join(", ", others), "");
    }
    ports(report, registry);
  }

  private static void ports(Report report, RegistryPlace registry) {
    Set<Integer> wanted = new TreeSet<>(NODE_PORTS);
    if (report.view().host().controlPlane()) {
      wanted.addAll(CONTROL_PLANE_PORTS);
    }
    if (registry.is(report.view())) {
      wanted.add(registry.port());
    }
    List<Integer> used = new ArrayList<>(wanted);
    used.retainAll(report.view().facts().listening());
    if (!used.isEmpty()) {
      report.error(
          "ports",
          "something listens on port "
              + String.join(", ", used.stream().map(String::valueOf).toList()),
          "stop it, or use another host");
    }
  }
}
