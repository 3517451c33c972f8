package cloud.sealer.kubernetes.health;

import cloud.sealer.kubernetes.runtime.ApiEndpoint;
import cloud.sealer.kubernetes.runtime.Etcd;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether all members of etcd are healthy. An etcd outside the cluster is not looked at. */
final class EtcdHealth {
  private final List<HostView> members;
  private final HostSession controlPlane;

  EtcdHealth(List<HostView> members, HostSession controlPlane) {
    this.members = members;
    this.controlPlane = controlPlane;
  }

  List<HostFinding> check() {
    List<HostFinding> findings = new ArrayList<>();
    try {
      Map<String, String> unhealthy = Etcd.unhealthy(controlPlane);
      unhealthy.forEach((endpoint, reason) -> findings.add(finding(endpoint, reason)));
    } catch (SealerException e) {
      findings.add(
          Finding.error(
              controlPlane.host().address(),
              "etcd",
              "its members cannot be asked: " + e.getMessage(),
              e.remedy()));
    }
    return findings;
  }

  private HostFinding finding(String endpoint, String reason) {
    return Finding.error(
        members.stream()
            .filter(
                view -> endpoint.contains(ApiEndpoint.hostPort(ApiEndpoint.address(view), 2379)))
            .findFirst()
            .map(HostView::address)
            .orElse(controlPlane.host().address()),
        "etcd",
        "the member " + endpoint + " is not healthy" + (reason.isEmpty() ? "" : ": " + reason),
        "look at the logs of its pod in kube-system, and at the disk of its host");
  }
}
