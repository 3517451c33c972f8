package cloud.sealer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Event.Outcome;
import cloud.sealer.sdk.Event.TaskKind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecordingListenerTest {
  private final RecordingListener listener = new RecordingListener();

  private void start(long task, long parent, TaskKind kind, String name) {
    listener.onEvent(new Event.Started(Instant.EPOCH, task, parent, kind, name, -1));
  }

  private void progress(long task, long done) {
    listener.onEvent(new Event.Progress(Instant.EPOCH, task, done, -1));
  }

  private void finish(long task, Outcome outcome) {
    listener.onEvent(new Event.Finished(Instant.EPOCH, task, outcome, null));
  }

  @Test
  void goodCallIsToldInOrder() {
    start(1, 0, TaskKind.BUILD, "b");
    start(2, 1, TaskKind.INSTRUCTION, "RUN x");
    start(3, 1, TaskKind.BLOB, "sha256:…");
    progress(3, 5);
    progress(3, 9);
    finish(2, Outcome.CACHED);
    listener.onEvent(new Event.Output(Instant.EPOCH, 3, "line"));
    listener.onEvent(new Event.Notice(Instant.EPOCH, 1, "note"));
    finish(3, Outcome.DONE);
    finish(1, Outcome.DONE);
    assertThatCode(listener::assertOrder).doesNotThrowAnyException();
    assertThat(listener.outcome("RUN x")).isEqualTo(Outcome.CACHED);
    assertThat(listener.outcomes(TaskKind.BLOB)).containsExactly(Outcome.DONE);
    assertThat(listener.started(TaskKind.INSTRUCTION)).containsExactly("RUN x");
    assertThat(listener.done(TaskKind.BLOB)).isEqualTo(9);
    assertThat(listener.output()).containsExactly("line");
    assertThat(listener.notices()).containsExactly("note");
    assertThat(listener.events(Event.Progress.class)).hasSize(2);
    listener.clear();
    assertThat(listener.events()).isEmpty();
  }

  private void assertDisorder(String message) {
    assertThatThrownBy(listener::assertOrder)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(message);
  }

  @Test
  void silenceIsNotOrder() {
    assertDisorder("no event");
  }

  @Test
  void taskThatStaysOpenIsFound() {
    start(1, 0, TaskKind.BUILD, "b");
    assertDisorder("did not finish");
    assertThatThrownBy(() -> listener.outcome("b")).hasMessageContaining("did not finish");
    assertThatThrownBy(() -> listener.outcome("c")).isInstanceOf(AssertionError.class);
  }

  @Test
  void eventAfterTheEndIsFound() {
    start(1, 0, TaskKind.BUILD, "b");
    finish(1, Outcome.DONE);
    progress(1, 1);
    assertDisorder("not open");
  }

  @Test
  void childBeyondItsParentIsFound() {
    start(1, 0, TaskKind.BUILD, "b");
    start(2, 1, TaskKind.BLOB, "x");
    finish(1, Outcome.DONE);
    assertDisorder("child");
  }

  @Test
  void childOfNobodyIsFound() {
    start(2, 1, TaskKind.BLOB, "x");
    assertDisorder("parent is not open");
  }

  @Test
  void numberUsedTwiceIsFound() {
    start(1, 0, TaskKind.BUILD, "b");
    finish(1, Outcome.DONE);
    start(1, 0, TaskKind.BUILD, "b");
    assertDisorder("number of its own");
  }

  @Test
  void counterThatGoesBackIsFound() {
    start(1, 0, TaskKind.BUILD, "b");
    progress(1, 2);
    progress(1, 1);
    assertDisorder("backwards");
  }

  @Test
  void eventIsAwaited() throws Exception {
    Thread later = new Thread(() -> start(1, 0, TaskKind.BUILD, "b"));
    later.start();
    Event event = listener.await(e -> e.task() == 1, Duration.ofSeconds(10));
    assertThat(event).isInstanceOf(Event.Started.class);
    later.join();
    assertThatThrownBy(() -> listener.await(e -> e.task() == 2, Duration.ofMillis(20)))
        .isInstanceOf(AssertionError.class);
  }
}
