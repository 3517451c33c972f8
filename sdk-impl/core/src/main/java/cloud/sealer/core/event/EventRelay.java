package cloud.sealer.core.event;

import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.spi.Task;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes the events of another call, perhaps in another process, events of this one: its tasks
 * become tasks below one of ours. Thread-safe.
 */
public final class EventRelay implements EventListener, AutoCloseable {
  private final Task root;
  private final Map<Long, Copy> copies = new HashMap<>();
  private final Deque<Copy> open = new ArrayDeque<>();

  /** A relay whose tasks hang below the given one. */
  public EventRelay(Task root) {
    this.root = root;
  }

  /** A task of ours that stands for one of the other call. */
  private static final class Copy {
    private final Task task;
    private long done;

    Copy(Task task) {
      this.task = task;
    }
  }

  @Override
  public synchronized void onEvent(Event event) {
    if (event instanceof Event.Started started) {
      Copy copy =
          new Copy(task(started.parent()).start(started.kind(), started.name(), started.total()));
      copies.put(started.task(), copy);
      open.push(copy);
    } else if (event instanceof Event.Progress progress) {
      advance(progress);
    } else if (event instanceof Event.Output output) {
      task(output.task()).output(output.line());
    } else if (event instanceof Event.Notice notice) {
      task(notice.task()).notice(notice.message());
    } else if (event instanceof Event.Retried retried) {
      task(retried.task()).retried(retried.attempt(), retried.delay(), retried.cause());
    } else if (event instanceof Event.Resumed resumed) {
      task(resumed.task()).resumed(resumed.offset());
    } else if (event instanceof Event.Evicted evicted) {
      task(evicted.task()).evicted(evicted.digest(), evicted.reason());
    } else if (event instanceof Event.Finished finished) {
      finish(finished);
    }
  }

  private Task task(long number) {
    Copy copy = copies.get(number);
    return copy == null ? root : copy.task;
  }

  private void advance(Event.Progress progress) {
    Copy copy = copies.get(progress.task());
    if (copy != null) {
      copy.task.advance(progress.done() - copy.done);
      copy.done = progress.done();
    }
  }

  private void finish(Event.Finished finished) {
    Copy copy = copies.remove(finished.task());
    if (copy == null) {
      return;
    }
    open.remove(copy);
    String detail = finished.detail() == null ? "" : finished.detail();
    switch (finished.outcome()) {
      case DONE -> copy.task.done(detail);
      case CACHED -> copy.task.cached(detail);
      case FAILED, CANCELLED -> {}
    }
    copy.task.close();
  }

  /** Ends what the other call did not end, the innermost first. */
  @Override
  public synchronized void close() {
    while (!open.isEmpty()) {
      open.pop().task.close();
    }
    copies.clear();
  }
}
