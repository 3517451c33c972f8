package cloud.sealer.kubernetes.health;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.kubernetes.certificate.CertificateAuthority;
import cloud.sealer.kubernetes.rootfs.RegistrySettings;
import cloud.sealer.kubernetes.step.ScriptedHost;
import cloud.sealer.sdk.HostFinding;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterHealthTest {
  private static final Instant NOW = Instant.parse("2024-05-01T00:00:00Z");
  private static final String HEALTHY =
      "[{\"endpoint\":\"https://10.0.0.1:2379\",\"health\":true,\"took\":\"5ms\"}]";

  private final ScriptedHost first = ScriptedHost.of("10.0.0.1", "master");
  private final ScriptedHost worker = ScriptedHost.of("10.0.0.9", "node");

  private List<HostFinding> check() {
    return new ClusterHealth(
            List.of(first.view(), worker.view()),
            RegistrySettings.DEFAULT,
            address -> address.host().equals("10.0.0.1") ? first : worker,
            new Transfers(2),
            NOW)
        .check();
  }

  private static String node(String name, String address, boolean ready) {
    return """
    {"metadata":{"name":"%s","labels":{}},"spec":{},
     "status":{"addresses":[{"type":"InternalIP","address":"%s"}],
      "conditions":[{"type":"Ready","status":"%s"}]}}\
    """
        .formatted(name, address, ready ? "True" : "False");
  }

  private static String pod(String component, boolean ready) {
    return """
    {"metadata":{"name":"%s-n1","labels":{"component":"%s"}},"spec":{"nodeName":"n1"},
     "status":{"conditions":[{"type":"Ready","status":"%s"}]}}\
    """
        .formatted(component, component, ready ? "True" : "False");
  }

  private void answers(boolean workerReady, boolean schedulerReady, String etcd) {
    first
        .answer("hostname | tr", "n1\n")
        .answer(
            "get nodes",
            "{\"items\":["
                + node("n1", "10.0.0.1", true)
                + ","
                + node("n9", "10.0.0.9", workerReady)
                + "]}")
        .answer(
            "tier=control-plane",
            "{\"items\":["
                + pod("kube-apiserver", true)
                + ","
                + pod("kube-controller-manager", true)
                + ","
                + pod("kube-scheduler", schedulerReady)
                + "]}")
        .answer("endpoint health", etcd)
        .file("/etc/kubernetes/manifests/etcd.yaml", "kind: Pod\n");
  }

  @Test
  void aClusterThatIsWellHasNoFindings() {
    answers(true, true, HEALTHY);
    assertThat(check()).isEmpty();
  }

  @Test
  void whatIsNotWellIsToldWithItsHostAndARemedy() {
    answers(
        false,
        false,
        "[{\"endpoint\":\"https://10.0.0.1:2379\",\"health\":false,\"error\":\"no leader\"}]");

    List<HostFinding> findings = check();

    assertThat(findings.stream().map(each -> each.address() + " " + each.check()))
        .containsExactlyInAnyOrder("10.0.0.9 node", "10.0.0.1 pods", "10.0.0.1 etcd");
    assertThat(findings).allSatisfy(each -> assertThat(each.remedy()).isNotEmpty());
    assertThat(findings.toString())
        .contains("its node n9 is not ready", "kube-scheduler is not ready", "no leader");
  }

  @Test
  void aHostWithoutANodeIsTold() {
    answers(true, true, HEALTHY);
    first.answer("get nodes", "{\"items\":[" + node("n1", "10.0.0.1", true) + "]}");
    assertThat(check()).singleElement().asString().contains("10.0.0.9: node: the cluster has no");
  }

  @Test
  void certificatesThatEndAreToldInTime() {
    answers(true, true, HEALTHY);
    worker.answer(
        "look at certificates",
        "certificates of /etc/kubernetes/pki/apiserver.crt\n"
            + endingIn(Duration.ofDays(10))
            + "certificates of /var/lib/kubelet/pki/kubelet-client-current.pem\n"
            + endingIn(Duration.ofDays(-1))
            + "certificates of /etc/kubernetes/pki/ca.crt\n"
            + endingIn(Duration.ofDays(300)));

    assertThat(check().stream().map(HostFinding::toString))
        .containsExactly(
            "10.0.0.9: certificates: warning: /etc/kubernetes/pki/apiserver.crt ends on 2024-05-11;"
                + " execute on the host: kubeadm certs renew all, and restart its control plane",
            "10.0.0.9: certificates: /var/lib/kubelet/pki/kubelet-client-current.pem ended on"
                + " 2024-04-30; the kubelet renews it: look why it does not, journalctl -u"
                + " kubelet");
  }

  /** The certificate of an authority that ends some time from now. */
  private static String endingIn(Duration rest) {
    Clock begin = Clock.fixed(NOW.plus(rest).minus(lifetime()), ZoneOffset.UTC);
    return new CertificateAuthority(begin, new SecureRandom()).create("x").certificatePem();
  }

  private static Duration lifetime() {
    Clock then = Clock.fixed(NOW, ZoneOffset.UTC);
    String pem = new CertificateAuthority(then, new SecureRandom()).create("x").certificatePem();
    return Duration.between(
        NOW, cloud.sealer.kubernetes.certificate.KeyAndCertificate.end(pem).orElseThrow());
  }
}
