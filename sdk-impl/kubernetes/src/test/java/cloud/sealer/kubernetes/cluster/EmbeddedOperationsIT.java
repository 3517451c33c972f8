package cloud.sealer.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What one does over SSH with a cluster of two control planes and a worker that is there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EmbeddedOperationsIT {
  private static final String NEWER = "v1.21.1";
  private static final String NEWEST = "v1.21.2";

  @TempDir static Path directory;
  private EmbeddedCluster cluster;

  @BeforeAll
  void start() throws IOException {
    cluster = new EmbeddedCluster(directory, 3);
    cluster.share("pods", "coredns-1   1/1   Running   0   1m\n");
    cluster.apply(spec());
  }

  @AfterAll
  void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private ClusterSpec spec() {
    return cluster.spec(new int[] {1, 2}, 3).toBuilder()
        .plugin(plugin("ready", "CLUSTERCHECK", Phase.PRE_GUEST, ""))
        .plugin(plugin("backup", "ETCD", Phase.POST_INSTALL, directory + "/backups/etcd.db"))
        .build();
  }

  private static PluginSpec plugin(String name, String type, Phase phase, String data) {
    return new PluginSpec(name, type, Set.of(phase), "", data);
  }

  @Test
  @Order(1)
  void aSecondControlPlaneHasTheCertificatesOfTheFirst() throws IOException {
    assertThat(cluster.nodes()).hasSize(3);
    assertThat(cluster.node(2, "role")).isEqualTo("master");
    assertThat(cluster.calls("machine-1 kubeadm init phase upload-certs .*")).hasSize(1);
    assertThat(cluster.shared("join-machine-2.yaml")).contains("certificateKey");
    assertThat(cluster.shared("join-machine-3.yaml")).doesNotContain("certificateKey");
    assertThat(cluster.machine(3).file("/etc/hosts"))
        .content()
        .contains("127.9.0.1 apiserver.cluster.local\n127.9.0.2 apiserver.cluster.local");
  }

  @Test
  @Order(2)
  void pluginsWaitForThePodsAndTakeASnapshotOfEtcd() throws IOException {
    assertThat(
            cluster.calls(
                "machine-1 kubectl (get pods .*|exec etcd-machine-1 .*snapshot.*|apply -f"
                    + " manifest.yaml)"))
        .extracting(call -> call.replaceAll(".*(get pods|snapshot|apply).*", "$1"))
        .containsExactly("get pods", "apply", "snapshot");
    assertThat(directory.resolve("backups/etcd.db")).hasContent("a snapshot");
    assertThat(cluster.machine(1).file("/var/lib/etcd/.sealer-snapshot.db")).doesNotExist();
  }

  @Test
  @Order(3)
  void everyControlPlaneGetsTheNewNamesInItsCertificate() throws IOException {
    cluster.run(
        new ClusterChange.ExtendCertificate(EmbeddedCluster.NAME, List.of("api.example.com")));

    for (int number = 1; number <= 2; number++) {
      assertThat(cluster.machine(number).file("/etc/kubernetes/pki/apiserver.crt"))
          .content()
          .contains("- apiserver.cluster.local", "- api.example.com");
      assertThat(cluster.machine(number).file("/etc/kubernetes/pki/apiserver.crt.before"))
          .doesNotExist();
    }
    assertThat(cluster.shared("kubeadm-config")).contains("api.example.com", "127.9.0.2");
  }

  @Test
  @Order(4)
  void aCertificateThatCannotBeMadeLeavesTheOneThatIsThere() throws IOException {
    cluster.share("no-certificate-on-machine-1", "");

    SealerException failure =
        catchThrowableOfType(
            SealerException.class,
            () ->
                cluster.run(
                    new ClusterChange.ExtendCertificate(
                        EmbeddedCluster.NAME, List.of("other.example.com"))));

    cluster.unshare("no-certificate-on-machine-1");
    assertThat(failure).hasMessageContaining("make the certificate of the API server anew");
    assertThat(cluster.machine(1).file("/etc/kubernetes/pki/apiserver.crt"))
        .content()
        .contains("- api.example.com")
        .doesNotContain("other.example.com");
  }

  @Test
  @Order(4)
  void aCertificateIsMadeAlthoughARunBeforeWasCutShort() throws IOException {
    for (String file : List.of("apiserver.crt", "apiserver.key")) {
      Path there = cluster.machine(1).file("/etc/kubernetes/pki/" + file);
      Files.move(there, there.resolveSibling(file + ".before"));
    }

    cluster.run(
        new ClusterChange.ExtendCertificate(EmbeddedCluster.NAME, List.of("third.example.com")));

    assertThat(cluster.machine(1).file("/etc/kubernetes/pki/apiserver.crt"))
        .content()
        .contains("- third.example.com");
    assertThat(cluster.machine(1).file("/etc/kubernetes/pki/apiserver.key.before")).doesNotExist();
  }

  @Test
  @Order(4)
  void aHostKeepsItsRole() throws IOException {
    ClusterSpec swapped = cluster.spec(new int[] {1, 3}, 2);
    cluster.forgetCalls();

    SealerException refused =
        catchThrowableOfType(SealerException.class, () -> cluster.apply(swapped));

    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(refused)
        .hasMessageContaining("is a worker of the cluster and cannot change its role in place");
    assertThat(cluster.calls(".*kubeadm (join|reset).*")).isEmpty();
  }

  @Test
  @Order(5)
  void aCommandIsExecutedOnTheHostsThatARoleSelects() {
    List<HostResult> results =
        cluster
            .sealer
            .runner()
            .exec(EmbeddedCluster.NAME, "node", "test $(hostname) = machine-3", cluster.options());

    assertThat(results)
        .extracting(HostResult::address)
        .containsExactly(cluster.machine(3).address());
    assertThat(results).extracting(HostResult::outcome).containsOnly(HostResult.Outcome.DONE);
  }

  @Test
  @Order(6)
  void aReleaseThatIsNotTheNextIsRefusedBeforeAnythingIsDone() throws IOException {
    cluster.build("v1.22.0", files -> files);
    cluster.forgetCalls();

    SealerException refused = catchThrowableOfType(SealerException.class, () -> upgrade("v1.22.0"));

    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(refused).hasMessageContaining("a minor release cannot be left out");
    assertThat(cluster.calls(".*(drain|upgrade|restart).*")).isEmpty();
  }

  @Test
  @Order(7)
  void anUpgradeGoesFromNodeToNodeWhenTheOneBeforeIsReady() throws IOException {
    cluster.build(NEWER, files -> files);
    cluster.forgetCalls();

    upgrade(NEWER);

    assertThat(
            cluster.calls(
                ".*(kubectl (drain machine|uncordon|get node machine-\\d .*Ready)|kubeadm"
                    + " upgrade|restart kubelet).*"))
        .extracting(call -> call.replaceAll(" (--|-o).*", ""))
        .containsExactly(
            "machine-1 kubectl drain machine-1",
            "machine-1 kubeadm upgrade apply",
            "machine-1 systemctl restart kubelet",
            "machine-1 kubectl get node machine-1",
            "machine-1 kubectl uncordon machine-1",
            "machine-1 kubectl drain machine-2",
            "machine-2 kubeadm upgrade node",
            "machine-2 systemctl restart kubelet",
            "machine-1 kubectl get node machine-2",
            "machine-1 kubectl uncordon machine-2",
            "machine-1 kubectl drain machine-3",
            "machine-3 kubeadm upgrade node",
            "machine-3 systemctl restart kubelet",
            "machine-1 kubectl get node machine-3",
            "machine-1 kubectl uncordon machine-3");
    for (int number = 1; number <= 3; number++) {
      assertThat(cluster.node(number, "version")).isEqualTo(NEWER);
      assertThat(cluster.node(number, "unschedulable")).isEqualTo("false");
    }
    assertThat(upgradePlan(NEWER)).isEmpty();
  }

  @Test
  @Order(8)
  void anUpgradeThatGoesOnOpensTheNodeThatItClosed() throws IOException {
    cluster.build(NEWEST, files -> files);
    cluster.share("no-upgrade-on-machine-3", "");
    assertThatThrownBy(() -> upgrade(NEWEST)).isInstanceOf(SealerException.class);
    assertThat(cluster.node(3, "unschedulable")).isEqualTo("true");
    cluster.unshare("no-upgrade-on-machine-3");

    upgrade(NEWEST);

    assertThat(cluster.node(3, "unschedulable")).isEqualTo("false");
    assertThat(upgradePlan(NEWEST)).isEmpty();
  }

  private void upgrade(String version) {
    cluster.run(new ClusterChange.Upgrade(EmbeddedCluster.NAME, "kubernetes:" + version));
  }

  private List<?> upgradePlan(String version) {
    return cluster
        .sealer
        .runner()
        .plan(
            new ClusterChange.Upgrade(EmbeddedCluster.NAME, "kubernetes:" + version),
            cluster.options())
        .steps();
  }
}
