package cloud.sealer.kubernetes.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Plan;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {
  private static final ClusterChange APPLY = new ClusterChange.Apply(TestCluster.spec(2));

  @TempDir Path directory;
  private final ExecutorService other = Executors.newSingleThreadExecutor();
  private TestCluster cluster;

  @BeforeEach
  void open() {
    cluster = new TestCluster(directory);
  }

  @AfterEach
  void close() throws Exception {
    other.shutdownNow();
    assertThat(other.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    cluster.close();
    assertThat(TestCluster.threads()).isEmpty();
  }

  private Path lease(int host) {
    return Path.of(cluster.hosts.data(TestCluster.host(host)), "test/state/lease");
  }

  private void whileOneWorks(String records, Runnable meanwhile) throws Exception {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    cluster.more.put(
        "10.0.0.2 join",
        context -> {
          working.countDown();
          try {
            done.await();
          } catch (InterruptedException e) {
            throw SealerException.cancelled("a step");
          }
        });
    Runner first = cluster.runner(records);
    Future<?> run = other.submit(() -> first.run(APPLY, RunOptions.DEFAULT));
    assertThat(working.await(60, TimeUnit.SECONDS)).isTrue();
    try {
      meanwhile.run();
    } finally {
      done.countDown();
    }
    run.get(60, TimeUnit.SECONDS);
  }

  private SealerException busy(Runner runner) {
    Plan plan = runner.plan(APPLY, RunOptions.DEFAULT); // looking is allowed
    return catchThrowableOfType(
        SealerException.class, () -> runner.execute(plan, RunOptions.DEFAULT));
  }

  @Test
  void aRunWithTheSameRecordsIsRefused() throws Exception {
    whileOneWorks(
        "clusters",
        () -> {
          SealerException busy = busy(cluster.runner("clusters"));
          assertThat(busy.code()).isEqualTo(ErrorCode.CLUSTER_BUSY);
          assertThat(busy.retryable()).isTrue();
          assertThat(busy)
              .hasMessageContaining("process " + ProcessHandle.current().pid() + " on ")
              .hasMessageContaining(", since 20");
        });
    assertThat(cluster.runner().plan(APPLY, RunOptions.DEFAULT).nothingToDo()).isTrue();
  }

  @Test
  void aRunOfAnotherMachineIsRefusedByTheHosts() throws Exception {
    whileOneWorks(
        "clusters",
        () -> {
          SealerException busy = busy(cluster.runner("elsewhere"));
          assertThat(busy.code()).isEqualTo(ErrorCode.CLUSTER_BUSY);
          assertThat(busy).hasMessageContaining("10.0.0.1 says: process ");
        });
    assertThat(lease(1)).doesNotExist();
    assertThat(lease(2)).doesNotExist();
  }

  @Test
  void aLeaseOfADeadProcessIsTakenOver() throws Exception {
    leave("id=1\norigin=unknown\nwho=process 1 on there\nsince=2026-01-01T00:00:00Z\n");
    assertThat(busy(cluster.runner()).code()).isEqualTo(ErrorCode.CLUSTER_BUSY);
    Files.setLastModifiedTime(lease(2), FileTime.from(Instant.now().minus(Duration.ofMinutes(3))));

    cluster.runner().run(APPLY, RunOptions.DEFAULT);

    assertThat(cluster.file(2, "join")).exists();
    assertThat(lease(2)).doesNotExist();
  }

  @Test
  void aLeaseThatThisDirectoryOfRecordsLeftIsTakenOverAtOnce() throws Exception {
    cluster.runner().run(new ClusterChange.Apply(TestCluster.spec(3)), RunOptions.DEFAULT);
    String origin = Files.readString(directory.resolve("clusters/.locks/origin"));
    leave("id=1\norigin=" + origin + "\nwho=a dead process\nsince=2026-01-01T00:00:00Z\n");

    cluster.runner().run(APPLY, RunOptions.DEFAULT);

    assertThat(lease(2)).doesNotExist();
  }

  private void leave(String text) {
    try {
      Files.createDirectories(lease(2).getParent());
      Files.writeString(lease(2), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
