package cloud.sealer.testkit;

import cloud.sealer.sdk.Event;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Checks the order that {@link Event} documents, one event after the other. */
final class EventOrder {
  private final Map<Long, Event.Started> open = new HashMap<>();
  private final Map<Long, Long> counters = new HashMap<>();
  private final Set<Long> known = new HashSet<>();

  void check(Event event) {
    if (event instanceof Event.Started started) {
      start(started);
      return;
    }
    require(open.containsKey(event.task()), event, "comes when its task is not open");
    if (event instanceof Event.Progress progress) {
      Long before = counters.put(progress.task(), progress.done());
      require(before == null || progress.done() >= before, event, "counts backwards");
    } else if (event instanceof Event.Finished) {
      open.remove(event.task());
      boolean alone = open.values().stream().noneMatch(s -> s.parent() == event.task());
      require(alone, event, "comes while a child of its task is open");
    }
  }

  private void start(Event.Started started) {
    require(started.task() > 0 && known.add(started.task()), started, "has no number of its own");
    boolean within = started.parent() == 0 || open.containsKey(started.parent());
    require(within, started, "comes when its parent is not open");
    open.put(started.task(), started);
  }

  void checkEnd() {
    if (known.isEmpty()) {
      throw new AssertionError("there was no event");
    }
    if (!open.isEmpty()) {
      throw new AssertionError("tasks that did not finish: " + open.values());
    }
  }

  private static void require(boolean holds, Event event, String what) {
    if (!holds) {
      throw new AssertionError("the event " + event + " " + what);
    }
  }
}
