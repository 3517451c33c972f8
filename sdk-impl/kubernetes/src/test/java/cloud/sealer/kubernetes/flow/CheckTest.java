package cloud.sealer.kubernetes.flow;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.RunOptions.Checks;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckTest {
  @TempDir Path directory;
  TestCluster cluster;

  @BeforeEach
  void open() {
    cluster = new TestCluster(directory);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private List<String> check(Checks checks) {
    return cluster
        .runner()
        .check(TestCluster.spec(2), RunOptions.builder().checks(checks).build())
        .stream()
        .map(HostFinding::toString)
        .toList();
  }

  @Test
  void onlyThePartThatIsWantedIsLookedAt() {
    cluster.hosts.dead.add(TestCluster.host(2));
    String unreached = "10.0.0.2: reachable: cannot be reached";

    assertThat(check(Checks.ALL)).containsExactly(unreached);
    assertThat(check(Checks.HOSTS)).containsExactly(unreached);
    assertThat(check(Checks.CLUSTER))
        .containsExactly(
            unreached,
            "10.0.0.1: node: it is not part of the cluster test; run or apply the cluster first, or"
                + " let the host join");
  }

  @Test
  void aClusterThatIsThereIsOne() {
    cluster.runner().run(new ClusterChange.Apply(TestCluster.spec(2)), RunOptions.DEFAULT);

    assertThat(check(Checks.CLUSTER)).isEmpty();
  }
}
