package cloud.sealer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event.Outcome;
import cloud.sealer.sdk.Event.TaskKind;
import cloud.sealer.sdk.spi.Task;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecordingTaskTest {
  private static final Digest DIGEST = Digest.sha256("0".repeat(64));
  private final RecordingTask root = new RecordingTask();

  @Test
  void keepsWhatIsReported() {
    root.output("line");
    root.notice("note");
    root.retried(1, Duration.ofMillis(5), "why");
    root.evicted(DIGEST, "bad");
    try (Task child = root.start(TaskKind.BLOB, "b", 10)) {
      child.resumed(4);
      child.advance(4);
      child.advance(6);
      child.done("");
    }
    root.advance(1);
    assertThat(root.lines()).containsExactly("line");
    assertThat(root.notices()).containsExactly("note");
    assertThat(root.retries())
        .containsExactly(new RecordingTask.Retry(1, Duration.ofMillis(5), "why"));
    assertThat(root.evictions()).containsExactly(DIGEST);
    assertThat(root.advanced()).isEqualTo(1);
    assertThat(root.advancedInAll()).isEqualTo(11);
    assertThat(root.kind()).isEmpty();
    assertThat(root.isClosed()).isFalse();
    RecordingTask child = root.children().get(0);
    assertThat(child.kind()).hasValue(TaskKind.BLOB);
    assertThat(child.name()).isEqualTo("b");
    assertThat(child.total()).isEqualTo(10);
    assertThat(child.resumptions()).containsExactly(4L);
    assertThat(child.outcome()).hasValue(Outcome.DONE);
    assertThat(child.isClosed()).isTrue();
  }

  @Test
  void closedWithoutMarkHasFailedOrWasCancelled() {
    root.close();
    assertThat(root.outcome()).hasValue(Outcome.FAILED);
    RecordingTask cancelled = new RecordingTask();
    Thread.currentThread().interrupt();
    cancelled.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(cancelled.outcome()).hasValue(Outcome.CANCELLED);
    RecordingTask cached = new RecordingTask();
    cached.cached("");
    cached.close();
    assertThat(cached.outcome()).hasValue(Outcome.CACHED);
  }
}
