package cloud.sealer.kubernetes.health;

import cloud.sealer.kubernetes.runtime.ApiEndpoint;
import cloud.sealer.kubernetes.runtime.Kubectl;
import cloud.sealer.kubernetes.runtime.Node;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.SealerException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether every host has a node that is ready, and every control plane all its pods. */
final class NodeHealth {
  private static final List<String> COMPONENTS =
      List.of("kube-apiserver", "kube-controller-manager", "kube-scheduler");

  private final List<HostView> members;
  private final Kubectl kubectl;

  NodeHealth(List<HostView> members, Kubectl kubectl) {
    this.members = members;
    this.kubectl = kubectl;
  }

  List<HostFinding> check() {
    List<HostFinding> findings = new ArrayList<>();
    try {
      List<Node> nodes = kubectl.nodes();
      JsonNode pods =
          kubectl
              .json("-n", "kube-system", "get", "pods", "-l", "tier=control-plane")
              .path("items");
      for (HostView view : members) {
        String address = ApiEndpoint.address(view);
        Optional<Node> node =
            nodes.stream().filter(each -> each.addresses().contains(address)).findFirst();
        if (node.isEmpty()) {
          findings.add(
              Finding.error(
                  view.address(),
                  "node",
                  "the cluster has no node with its address",
                  "apply the cluster again"));
        } else {
          node(view, node.get(), findings);
          pods(view, node.get(), pods, findings);
        }
      }
    } catch (SealerException e) {
      findings.add(
          Finding.error(
              members.get(0).address(),
              "api-server",
              "the API server does not tell of its nodes: " + e.getMessage(),
              e.remedy()));
    }
    return findings;
  }

  private static void node(HostView view, Node node, List<HostFinding> findings) {
    if (!node.ready()) {
      findings.add(
          Finding.error(
              view.address(),
              "node",
              "its node " + node.name() + " is not ready",
              "look why: kubectl describe node " + node.name() + ", journalctl -u kubelet"));
    }
    if (!node.schedulable()) {
      findings.add(
          Finding.warning(
              view.address(),
              "node",
              "no pods are put on its node " + node.name(),
              "let them: kubectl uncordon " + node.name()));
    }
  }

  private static void pods(HostView view, Node node, JsonNode pods, List<HostFinding> findings) {
    if (!view.host().controlPlane()) {
      return;
    }
    for (String component : COMPONENTS) {
      boolean there = false;
      boolean ready = false;
      for (JsonNode pod : pods) {
        if (pod.at("/spec/nodeName").asText().equals(node.name())
            && pod.at("/metadata/labels/component").asText().equals(component)) {
          there = true;
          ready |= isReady(pod);
        }
      }
      if (!ready) {
        findings.add(
            Finding.error(
                view.address(),
                "pods",
                component + (there ? " is not ready" : " is not there"),
                "look why: kubectl -n kube-system describe pod " + component + "-" + node.name()));
      }
    }
  }

  private static boolean isReady(JsonNode pod) {
    for (JsonNode condition : pod.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }
}
