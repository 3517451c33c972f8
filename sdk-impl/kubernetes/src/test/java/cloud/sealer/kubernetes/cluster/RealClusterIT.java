package cloud.sealer.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HostGroup;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Kubernetes with three control planes, from its first interrupted start to its end. One set
 * of machines lives through all of it, so the tests have an order.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealClusterIT {
  private static final String NAME = "real";
  private static final String IN_KUBEADM_INIT = "[kubelet-start] Starting the kubelet";

  @TempDir static Path directory;
  private final Map<Integer, Map<String, String>> before = new TreeMap<>();
  private RealCluster cluster;
  private int done;

  @BeforeAll
  void prepare() throws IOException, InterruptedException {
    cluster = new RealCluster(directory);
    cluster.machines.start(3, "bare");
    cluster.machines.start(1, "docker");
    for (int i = 1; i <= 4; i++) {
      before.put(i, cluster.traces(i));
    }
  }

  @AfterAll
  void cleanUp() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** Each test needs what the one before it made. */
  private void after(int tests) {
    assertThat(done).as("tests before this one that passed").isEqualTo(tests);
  }

  private ClusterSpec spec() {
    return ClusterSpec.builder(NAME)
        .image(BaseImage.NAME)
        .controlPlanes(cluster.address(1).toString())
        .workers(cluster.address(4).toString())
        .build();
  }

  @Test
  @Order(1)
  void aFirstRunThatFailedIsTakenBackAndWhatIsOfOthersStays() throws Exception {
    after(0);
    cluster.on(
        4,
        "iptables -N FOREIGN; iptables -A FOREIGN -s 198.51.100.7 -j RETURN;"
            + " ip route add 198.51.100.0/24 dev eth0; mkdir -p /opt/cni/bin;"
            + " echo foreign >/opt/cni/bin/foreign");
    Map<String, String> foreign = cluster.traces(4);
    ClusterSpec first =
        ClusterSpec.builder("first")
            .image(BaseImage.NAME)
            .controlPlanes(cluster.address(4).toString())
            .build();

    cluster.interrupt(first, IN_KUBEADM_INIT);
    cluster.run(new ClusterChange.Delete("first"));

    cluster.assertAsBefore(4, foreign);
    assertThat(cluster.sealer.runner().clusters()).isEmpty();
    cluster.on(
        4,
        "iptables -F FOREIGN; iptables -X FOREIGN; ip route del 198.51.100.0/24;"
            + " rm -r /opt/cni");
    done = 1;
  }

  @Test
  @Order(2)
  void aRunThatIsCancelledWithinKubeadmInitGoesOnWhereItStopped() throws Exception {
    after(1);
    cluster.interrupt(spec(), IN_KUBEADM_INIT);

    cluster.run(new ClusterChange.Apply(spec()));

    assertThat(cluster.ready(1)).isEqualTo(2);
    done = 2;
  }

  @Test
  @Order(3)
  void theSameAgainIsNothingToDo() {
    after(2);
    assertThat(
            cluster
                .sealer
                .runner()
                .plan(new ClusterChange.Apply(spec()), RealCluster.options())
                .steps())
        .isEmpty();
    done = 3;
  }

  @Test
  @Order(4)
  void joinsControlPlanesAndKeepsTheApiReachableWithoutOne() {
    after(3);
    cluster.run(
        new ClusterChange.Join(
            NAME,
            List.of(HostGroup.of(List.of(cluster.address(2), cluster.address(3)), "master"))));
    assertThat(cluster.ready(2)).isEqualTo(4);

    cluster.on(1, "systemctl stop kubelet; docker ps -q | xargs -r docker stop -t 1 >/dev/null");
    String seen =
        cluster.on(
            4,
            "for i in $(seq 30); do kubectl --cache-dir /tmp/kubectl --kubeconfig"
                + " /etc/kubernetes/kubelet.conf --request-timeout=5s get node $(hostname) && exit"
                + " 0; sleep 2; done; exit 1");
    assertThat(seen).contains("machine-4");
    cluster.on(
        1,
        "systemctl start kubelet; for i in $(seq 60); do kubectl get --raw /readyz && exit 0;"
            + " sleep 2; done; exit 1");
    done = 4;
  }

  @Test
  @Order(5)
  void removesAHostWithItsMemberOfEtcd() {
    after(4);
    cluster.run(new ClusterChange.Remove(NAME, List.of(cluster.address(3))));

    assertThat(cluster.on(1, "kubectl get nodes --no-headers")).doesNotContain("machine-3");
    assertThat(
            cluster.on(
                1,
                "kubectl -n kube-system exec etcd-machine-1 -- etcdctl"
                    + " --endpoints=https://127.0.0.1:2379"
                    + " --cacert=/etc/kubernetes/pki/etcd/ca.crt"
                    + " --cert=/etc/kubernetes/pki/etcd/healthcheck-client.crt"
                    + " --key=/etc/kubernetes/pki/etcd/healthcheck-client.key member list"))
        .doesNotContain("machine-3");
    cluster.assertAsBefore(3, before.get(3));
    done = 5;
  }

  @Test
  @Order(6)
  void deleteLeavesNothing() {
    after(5);
    cluster.run(new ClusterChange.Delete(NAME));

    before.forEach(cluster::assertAsBefore);
    assertThat(cluster.sealer.runner().clusters()).isEmpty();
    assertThatThrownBy(
            () ->
                cluster.sealer.runner().plan(new ClusterChange.Delete(NAME), RealCluster.options()))
        .isInstanceOfSatisfying(
            SealerException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CLUSTER_NOT_FOUND));
  }
}
