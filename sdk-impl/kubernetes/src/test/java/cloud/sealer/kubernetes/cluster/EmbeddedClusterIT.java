package cloud.sealer.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.HostGroup;
import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole flow over SSH, from the call to the programs on the machines. One cluster lives through
 * all of it, so the tests have an order.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EmbeddedClusterIT {
  private static final int MACHINES = 4;

  @TempDir static Path directory;
  private final Map<Integer, Map<String, String>> before = new TreeMap<>();
  private EmbeddedCluster cluster;
  private int done;

  @BeforeAll
  void start() throws IOException {
    cluster = new EmbeddedCluster(directory, MACHINES);
    for (int number = 1; number <= MACHINES; number++) {
      before.put(number, cluster.machine(number).files());
    }
  }

  @AfterAll
  void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** Each test needs what the one before it made. */
  private void after(int tests) {
    assertThat(done).as("tests before this one that passed").isEqualTo(tests);
  }

  private ClusterSpec spec(int... workers) {
    return cluster.spec(workers).toBuilder()
        .plugin(
            new PluginSpec(
                "quiet", "SHELL", Set.of(Phase.PRE_GUEST, Phase.POST_INSTALL), "", "true"))
        .build();
  }

  private String rootfs(int machine, String file) {
    return cluster.machine(machine).file("/var/lib/sealer/data/embedded/rootfs/" + file).toString();
  }

  @Test
  @Order(1)
  void aFirstRunMakesOneOfOneAndOneMachines() throws IOException {
    after(0);

    RunResult result = cluster.apply(spec(2));

    assertThat(result.hosts())
        .extracting(HostResult::outcome)
        .containsOnly(HostResult.Outcome.DONE);
    assertThat(cluster.nodes()).containsExactly("machine-1", "machine-2");
    assertThat(cluster.calls("machine-. kubeadm (init|join) --.*"))
        .extracting(call -> call.replaceAll(" --.*", ""))
        .containsExactly("machine-1 kubeadm init", "machine-2 kubeadm join");
    for (int number = 1; number <= 2; number++) {
      assertThat(cluster.machine(number).ssh().link().connections())
          .as("connections to machine %d, from looking at it to the last step", number)
          .isEqualTo(1);
    }
    assertThat(cluster.shared("init-machine-1.yaml"))
        .contains("kubernetesVersion: v1.20.2", "imageRepository: \"sea.hub:5000\"");
    assertThat(cluster.shared("join-machine-2.yaml"))
        .contains("apiserver.cluster.local:6443", "sha256:");
    assertThat(cluster.calls("machine-1 docker push .*"))
        .containsExactly("machine-1 docker push sea.hub:5000/team/extra:v1");
    assertThat(cluster.shared("applied")).contains("# by the command of the image");
    assertThat(cluster.machine(2).file("/etc/hosts"))
        .content()
        .contains("127.9.0.1 apiserver.cluster.local", "127.9.0.1 sea.hub");
    assertThat(cluster.machine(1).file("/root/said")).hasContent("hello");
    assertThat(Path.of(rootfs(1, "registry"))).isNotEmptyDirectory();
    assertThat(Path.of(rootfs(2, "registry"))).doesNotExist();
    done = 1;
  }

  @Test
  @Order(2)
  void theSameAgainIsNothingToDo() throws IOException {
    after(1);
    Map<String, String> first = cluster.machine(1).files();
    cluster.forgetCalls();

    RunResult again = cluster.apply(spec(2));

    assertThat(again.plan().nothingToDo()).isTrue();
    assertThat(cluster.machine(1).files()).isEqualTo(first);
    assertThat(cluster.calls(".* (kubeadm (init|join)|kubectl (apply|delete|drain)).*")).isEmpty();
    done = 2;
  }

  @Test
  @Order(3)
  void aWorkerJoins() throws IOException {
    after(2);
    cluster.forgetCalls();

    cluster.run(
        new ClusterChange.Join(
            EmbeddedCluster.NAME,
            List.of(HostGroup.of(List.of(cluster.machine(3).address()), "node"))));

    assertThat(cluster.nodes()).containsExactly("machine-1", "machine-2", "machine-3");
    assertThat(cluster.calls("machine-. kubeadm (init|join) --.*"))
        .singleElement()
        .asString()
        .startsWith("machine-3 kubeadm join");
    assertThat(cluster.calls("machine-1 kubectl apply -f manifest.yaml")).isEmpty();
    assertThat(cluster.apply(spec(2, 3)).plan().steps())
        .as("what is done when a cluster is made is not made up for")
        .isEmpty();
    done = 3;
  }

  @Test
  @Order(4)
  void oneChangeLetsAWorkerJoinAndAnotherLeave() throws IOException {
    after(3);
    cluster.forgetCalls();

    cluster.apply(cluster.spec(3, 4));

    assertThat(cluster.nodes()).containsExactly("machine-1", "machine-3", "machine-4");
    assertThat(cluster.calls(".* (kubeadm join --|kubectl (drain machine|delete node)).*"))
        .extracting(call -> call.replaceAll(" --.*", ""))
        .containsExactly(
            "machine-4 kubeadm join",
            "machine-1 kubectl drain machine-2",
            "machine-1 kubectl delete node machine-2");
    assertThat(cluster.machine(2).files()).isEqualTo(before.get(2));
    assertThat(cluster.apply(cluster.spec(3, 4)).plan().nothingToDo()).isTrue();
    done = 4;
  }

  @Test
  @Order(5)
  void deleteLeavesTheMachinesAsTheyWere() throws IOException {
    after(4);

    Files.delete(cluster.machine(1).file("/root/said")); // of the command, as any would make it
    cluster.run(new ClusterChange.Delete(EmbeddedCluster.NAME));

    for (int number = 1; number <= MACHINES; number++) {
      assertThat(cluster.machine(number).files())
          .as("files of machine %d", number)
          .isEqualTo(before.get(number));
    }
    assertThat(cluster.sealer.runner().clusters()).isEmpty();
  }
}
