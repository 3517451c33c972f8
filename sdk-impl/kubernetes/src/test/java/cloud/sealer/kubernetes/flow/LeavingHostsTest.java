package cloud.sealer.kubernetes.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HostGroup;
import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.HostResult.Outcome;
import cloud.sealer.sdk.PartialFailureException;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.RunOptions.OnFailure;
import cloud.sealer.sdk.RunResult;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.SealerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts that leave a cluster, and clusters that go. */
class LeavingHostsTest {
  private static final RunOptions STOP = RunOptions.DEFAULT;

  @TempDir Path directory;
  TestCluster cluster;
  Runner runner;

  @BeforeEach
  void open() {
    cluster = new TestCluster(directory);
    runner = cluster.runner();
  }

  @AfterEach
  void close() {
    assertThat(cluster.hosts.open).hasValue(0);
    cluster.close();
    assertThat(TestCluster.threads()).isEmpty();
  }

  private static ClusterChange apply(int hosts) {
    return new ClusterChange.Apply(TestCluster.spec(hosts));
  }

  private static void fail() {
    throw SealerException.builder(ErrorCode.COMMAND_FAILED, "it broke").build();
  }

  private PartialFailureException failing(ClusterChange change, OnFailure policy) {
    RunOptions options = RunOptions.builder().onFailure(policy).build();
    return catchThrowableOfType(PartialFailureException.class, () -> runner.run(change, options));
  }

  private static List<Outcome> outcomes(List<HostResult> results) {
    return results.stream().map(HostResult::outcome).toList();
  }

  @Test
  void deletingUndoesEverythingAndKeepsWhatIsOfOthers() throws Exception {
    Files.createDirectories(cluster.file(2, "join").getParent());
    Files.writeString(cluster.file(2, "join"), "of somebody else");
    Files.writeString(cluster.file(2, "foreign"), "of somebody else");
    cluster.more.put("10.0.0.1 commands", context -> fail());
    failing(apply(2), OnFailure.STOP);
    assertThat(cluster.file(2, "join")).hasContent("first");

    runner.run(new ClusterChange.Delete("test"), STOP);

    assertThat(cluster.file(1, "prepare")).doesNotExist();
    assertThat(cluster.file(2, "join")).hasContent("of somebody else");
    assertThat(cluster.file(2, "foreign")).hasContent("of somebody else");
    assertThat(cluster.hosts.directory(TestCluster.host(1)).resolve("var")).doesNotExist();
    assertThat(runner.clusters()).isEmpty();
  }

  @Test
  void hostsJoinAndLeaveInOneChange() {
    runner.run(apply(3), STOP);

    runner.run(
        new ClusterChange.Join("test", List.of(HostGroup.of(List.of(TestCluster.host(4)), "node"))),
        STOP);
    assertThat(runner.clusters().get(0).nodes()).hasSize(4);
    runner.run(new ClusterChange.Remove("test", List.of(TestCluster.host(2))), STOP);

    assertThat(cluster.file(2, "join")).doesNotExist();
    assertThat(cluster.file(4, "join")).exists();
    assertThat(runner.clusters().get(0).nodes())
        .containsExactlyInAnyOrder(TestCluster.host(1), TestCluster.host(3), TestCluster.host(4));
    assertThat(runner.plan(apply(2), STOP).toString())
        .contains("10.0.0.3         undo")
        .contains("10.0.0.4         undo");
  }

  @Test
  void aDeadHostMayLeave() {
    runner.run(apply(3), STOP);
    cluster.hosts.dead.add(TestCluster.host(3));

    SealerException unreachable =
        catchThrowableOfType(SealerException.class, () -> runner.run(apply(3), STOP));
    assertThat(unreachable.code()).isEqualTo(ErrorCode.HOST_UNREACHABLE);
    runner.run(new ClusterChange.Remove("test", List.of(TestCluster.host(3))), STOP);

    assertThat(runner.clusters().get(0).nodes()).hasSize(2);
  }

  @Test
  void aHostThatRefusesUsIsNotTakenForDead() {
    runner.run(apply(3), STOP);
    cluster.hosts.closed.add(TestCluster.host(3));
    ClusterChange remove = new ClusterChange.Remove("test", List.of(TestCluster.host(3)));

    SealerException refused =
        catchThrowableOfType(SealerException.class, () -> runner.run(remove, STOP));

    assertThat(refused.code()).isEqualTo(ErrorCode.HOST_UNAUTHORIZED);
    assertThat(runner.clusters().get(0).nodes()).hasSize(3);
    cluster.hosts.closed.clear();
    runner.run(remove, STOP);
    assertThat(runner.clusters().get(0).nodes()).hasSize(2);
  }

  @Test
  void aRemovalThatFailedIsDoneAgain() {
    runner.run(apply(3), STOP);
    ClusterChange remove = new ClusterChange.Remove("test", List.of(TestCluster.host(3)));
    cluster.text = "second";
    cluster.more.put("10.0.0.1 prepare", context -> fail());
    failing(remove, OnFailure.STOP);
    assertThat(cluster.file(3, "join")).exists();
    cluster.more.clear();

    runner.run(remove, STOP);

    assertThat(cluster.file(3, "join")).doesNotExist();
    assertThat(runner.clusters().get(0).nodes())
        .containsExactlyInAnyOrder(TestCluster.host(1), TestCluster.host(2));
  }

  @Test
  void aHostThatADeletionCouldNotReachIsToldAndForgotten() {
    runner.run(apply(3), STOP);
    cluster.hosts.dead.add(TestCluster.host(3));
    ClusterChange delete = new ClusterChange.Delete("test");
    SealerException unreachable =
        catchThrowableOfType(SealerException.class, () -> runner.run(delete, STOP));
    assertThat(unreachable.code()).isEqualTo(ErrorCode.HOST_UNREACHABLE);

    RunResult result =
        runner.run(delete, RunOptions.builder().onFailure(OnFailure.CONTINUE).build());

    assertThat(outcomes(result.hosts()))
        .containsExactly(Outcome.DONE, Outcome.DONE, Outcome.NOT_DONE);
    assertThat(result.hosts().get(2).address()).isEqualTo(TestCluster.host(3));
    assertThat(result.hosts().get(2).failure())
        .hasValueSatisfying(e -> assertThat(e.code()).isEqualTo(ErrorCode.HOST_UNREACHABLE));
    assertThat(runner.clusters()).isEmpty();
  }

  @Test
  void theWholeControlPlaneIsNotRemoved() {
    runner.run(apply(2), STOP);
    SealerException refused =
        catchThrowableOfType(
            SealerException.class,
            () ->
                runner.plan(new ClusterChange.Remove("test", List.of(TestCluster.host(1))), STOP));
    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
  }
}
