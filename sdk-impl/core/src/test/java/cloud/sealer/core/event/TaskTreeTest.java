package cloud.sealer.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.spi.Task;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskTreeTest {
  private final List<Event> events = Collections.synchronizedList(new ArrayList<>());

  private TaskTree tree() {
    return new TaskTree(events::add, Clock.systemUTC());
  }

  @Test
  void startsAndFinishesChildrenWithinTheirParent() {
    try (TaskTree tree = tree();
        Task parent = tree.start(Event.TaskKind.BUILD, "build", -1)) {
      try (Task child = parent.start(Event.TaskKind.BLOB, "blob", 10)) {
        child.advance(4);
        child.advance(6);
        child.done("whole");
      }
      parent.done("");
    }
    assertThat(events)
        .extracting(event -> event.getClass().getSimpleName() + event.task())
        .containsExactly("Started1", "Started2", "Progress2", "Finished2", "Finished1");
    assertThat(((Event.Started) events.get(1)).parent()).isEqualTo(1);
    assertThat(((Event.Progress) events.get(2)).done()).isEqualTo(10);
    assertThat(((Event.Finished) events.get(3)).detail()).isEqualTo("whole");
  }

  @Test
  void aTaskThatIsOnlyClosedHasFailed() {
    try (TaskTree tree = tree()) {
      tree.start(Event.TaskKind.BUILD, "build", -1).close();
    }
    assertThat(((Event.Finished) events.get(1)).outcome()).isEqualTo(Event.Outcome.FAILED);
  }

  @Test
  void aTaskThatIsClosedOnAnInterruptedThreadIsCancelled() {
    try (TaskTree tree = tree()) {
      Task task = tree.start(Event.TaskKind.BUILD, "build", -1);
      Thread.currentThread().interrupt();
      task.close();
    }
    assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
    assertThat(((Event.Finished) events.get(1)).outcome()).isEqualTo(Event.Outcome.CANCELLED);
  }

  @Test
  void aListenerThatThrowsHarmsNothing() {
    AtomicInteger heard = new AtomicInteger();
    try (TaskTree tree =
        new TaskTree(
            event -> {
              heard.incrementAndGet();
              throw new IllegalStateException("listener");
            },
            Clock.systemUTC())) {
      try (Task task = tree.start(Event.TaskKind.BUILD, "build", -1)) {
        task.output("line");
        task.done("");
      }
    }
    assertThat(heard).hasValue(3);
  }

  @Test
  void countersNeverGoBackWhenManyThreadsCount() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    try (TaskTree tree = tree();
        Task task = tree.start(Event.TaskKind.BLOB, "blob", 4_000)) {
      List<Thread> threads =
          IntStream.range(0, 4)
              .mapToObj(
                  i ->
                      new Thread(
                          () -> {
                            await(started);
                            for (int n = 0; n < 1_000; n++) {
                              task.advance(1);
                            }
                          }))
              .toList();
      threads.forEach(Thread::start);
      started.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      task.done("");
    }
    List<Long> counts =
        events.stream()
            .filter(Event.Progress.class::isInstance)
            .map(event -> ((Event.Progress) event).done())
            .toList();
    assertThat(counts).isSorted().endsWith(4_000L);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
