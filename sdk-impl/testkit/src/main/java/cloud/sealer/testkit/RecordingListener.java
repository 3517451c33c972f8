package cloud.sealer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Remembers all events of one call, and checks their order.
 *
 * <pre>{@code
 * builder.build(request.listener(listener).build());
 * assertThat(listener.outcome("RUN make")).isEqualTo(Event.Outcome.CACHED);
 * listener.assertOrder();
 * }</pre>
 *
 * <p>Thread-safe. Made for one call, as the numbers of tasks begin anew with each.
 */
public final class RecordingListener implements EventListener {
  private final List<Event> events = new ArrayList<>();

  /** A listener that has heard nothing. */
  public RecordingListener() {}

  @Override
  public synchronized void onEvent(Event event) {
    events.add(event);
    notifyAll();
  }

  /**
   * All events.
   *
   * @return the events so far, in order
   */
  public synchronized List<Event> events() {
    return List.copyOf(events);
  }

  /**
   * All events of one type.
   *
   * @param type such as {@code Event.Retried.class}
   * @param <E> the type
   * @return the events so far, in order
   */
  public <E extends Event> List<E> events(Class<E> type) {
    return events().stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Forgets all events, before the next call. */
  public synchronized void clear() {
    events.clear();
  }

  /**
   * The tasks of one kind.
   *
   * @param kind what they do
   * @return their names, in the order in which they started
   */
  public List<String> started(Event.TaskKind kind) {
    return events(Event.Started.class).stream()
        .filter(started -> started.kind() == kind)
        .map(Event.Started::name)
        .toList();
  }

  /**
   * How the task of a name ended, such as an instruction of a text.
   *
   * @param name the whole name of the task
   * @return the outcome
   * @throws AssertionError if not exactly one task of the name started, or it did not finish
   */
  public Event.Outcome outcome(String name) {
    List<Event.Started> tasks =
        events(Event.Started.class).stream().filter(task -> task.name().equals(name)).toList();
    assertThat(tasks).as("tasks named \"%s\" of %s", name, names()).hasSize(1);
    return outcome(tasks.get(0));
  }

  /**
   * How the tasks of one kind ended.
   *
   * @param kind what they do
   * @return the outcomes, in the order in which the tasks started
   * @throws AssertionError if one did not finish
   */
  public List<Event.Outcome> outcomes(Event.TaskKind kind) {
    return events(Event.Started.class).stream()
        .filter(task -> task.kind() == kind)
        .map(this::outcome)
        .toList();
  }

  private Event.Outcome outcome(Event.Started task) {
    return events(Event.Finished.class).stream()
        .filter(finished -> finished.task() == task.task())
        .map(Event.Finished::outcome)
        .findFirst()
        .orElseThrow(() -> new AssertionError("the task \"" + task.name() + "\" did not finish"));
  }

  private List<String> names() {
    return events(Event.Started.class).stream().map(Event.Started::name).toList();
  }

  /**
   * The lines that commands printed.
   *
   * @return the lines of all tasks
   */
  public List<String> output() {
    return events(Event.Output.class).stream().map(Event.Output::line).toList();
  }

  /**
   * What the user was told.
   *
   * @return the notices of all tasks
   */
  public List<String> notices() {
    return events(Event.Notice.class).stream().map(Event.Notice::message).toList();
  }

  /**
   * How much the tasks of one kind did.
   *
   * @param kind what they do
   * @return the sum of the last counters of all of them
   */
  public long done(Event.TaskKind kind) {
    Map<Long, Long> last = new HashMap<>();
    for (Event event : events()) {
      if (event instanceof Event.Started started && started.kind() == kind) {
        last.put(started.task(), 0L);
      } else if (event instanceof Event.Progress progress) {
        last.computeIfPresent(progress.task(), (task, before) -> progress.done());
      }
    }
    return last.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Waits for an event, which may have come already.
   *
   * @param wanted what to wait for
   * @param limit how long to wait
   * @return the first event that fits
   * @throws AssertionError if none comes in time
   * @throws InterruptedException if the thread is interrupted
   */
  public synchronized Event await(Predicate<Event> wanted, Duration limit)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    int seen = 0;
    while (true) {
      for (; seen < events.size(); seen++) {
        if (wanted.test(events.get(seen))) {
          return events.get(seen);
        }
      }
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError("no such event within " + limit + ", only " + events);
      }
      wait(left / 1_000_000 + 1);
    }
  }

  /**
   * Checks that the events so far are those of a finished call in the documented order: each task
   * starts once and finishes once, has events only in between, counts upwards, and lives within its
   * parent.
   *
   * @throws AssertionError if not; the message names the first event out of order
   */
  public void assertOrder() {
    EventOrder order = new EventOrder();
    events().forEach(order::check);
    order.checkEnd();
  }
}
