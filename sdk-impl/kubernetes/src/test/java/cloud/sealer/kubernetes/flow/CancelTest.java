package cloud.sealer.kubernetes.flow;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.RunOptions.OnFailure;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CancelTest {
  private static final ClusterChange APPLY = new ClusterChange.Apply(TestCluster.spec(2));
  private static final Duration BOUND = Duration.ofSeconds(15);

  @TempDir Path directory;
  private TestCluster cluster;
  private @Nullable Thread caller;
  private final AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
  private volatile boolean flag;

  @BeforeEach
  void open() {
    cluster = new TestCluster(directory);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void start(OnFailure policy) {
    caller =
        new Thread(
            () -> {
              try {
                cluster.runner().run(APPLY, RunOptions.builder().onFailure(policy).build());
              } catch (RuntimeException | Error e) {
                thrown.set(e);
              }
              flag = Thread.currentThread().isInterrupted();
            },
            "caller");
    caller.start();
  }

  private void interrupt() {
    Thread thread = caller;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void requireCancelled() throws InterruptedException {
    Thread thread = caller;
    assertThat(thread).isNotNull();
    if (thread != null) {
      thread.join(BOUND.toMillis());
      assertThat(thread.isAlive()).as("the caller is back").isFalse();
    }
    assertThat(thrown.get()).isInstanceOf(SealerException.class);
    assertThat(((SealerException) thrown.get()).code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(flag).as("the interrupt flag is kept").isTrue();
    assertThat(TestCluster.threads()).isEmpty();
    assertThat(cluster.hosts.open).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 6, 9, 14, 20, 27})
  void anInterruptAtAnyCommandEndsTheRunAndTheNextContinues(int command) throws Exception {
    cluster.hosts.before =
        number -> {
          if (number == command) {
            interrupt();
          }
        };
    start(OnFailure.ROLL_BACK);
    requireCancelled();

    cluster.hosts.before = number -> {};
    cluster.runner().run(APPLY, RunOptions.DEFAULT);

    assertThat(cluster.runner().plan(APPLY, RunOptions.DEFAULT).nothingToDo()).isTrue();
    assertThat(Path.of(cluster.hosts.data(TestCluster.host(1)), "test/state/lease")).doesNotExist();
  }

  @Test
  void aCommandThatWorksIsEndedOnTheHost() throws Exception {
    String mark = "86399." + ProcessHandle.current().pid();
    cluster.more.put(
        "10.0.0.2 join",
        context -> {
          interrupt();
          context.exec(HostCommand.of("sleep " + mark));
        });
    start(OnFailure.STOP);
    requireCancelled();
    assertThat(
            ProcessHandle.allProcesses()
                .filter(
                    process ->
                        process.info().arguments().stream()
                            .anyMatch(arguments -> java.util.List.of(arguments).contains(mark))))
        .isEmpty();
  }
}
