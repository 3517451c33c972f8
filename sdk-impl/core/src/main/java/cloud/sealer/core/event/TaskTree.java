package cloud.sealer.core.event;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.spi.Task;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The tasks of one call. Closing it waits until the listener has heard everything. */
public final class TaskTree implements AutoCloseable {
  private static final long PROGRESS_INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

  private final Clock clock;
  private final @Nullable EventQueue queue;
  private final AtomicLong lastTask = new AtomicLong();

  /**
   * A tree without tasks.
   *
   * @param listener who hears of it
   * @param clock for the time of events
   */
  public TaskTree(EventListener listener, Clock clock) {
    this.clock = clock;
    this.queue = listener.equals(EventListener.NONE) ? null : new EventQueue(listener);
  }

  /** Starts a task at the top. */
  public Task start(Event.TaskKind kind, String name, long total) {
    return new Node(0, kind, name, total);
  }

  private void send(Event event) {
    if (queue != null) {
      queue.send(event);
    }
  }

  @Override
  public void close() {
    if (queue != null) {
      queue.close();
    }
  }

  private final class Node implements Task {
    private final long id = lastTask.incrementAndGet();
    private final long total;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong lastSent = new AtomicLong();
    private volatile Event.@Nullable Outcome outcome;
    private volatile @Nullable String detail;
    private volatile boolean closed;

    Node(long parent, Event.TaskKind kind, String name, long total) {
      this.total = total;
      send(new Event.Started(clock.instant(), id, parent, kind, name, total));
      lastSent.set(System.nanoTime());
    }

    @Override
    public Task start(Event.TaskKind kind, String name, long childTotal) {
      return new Node(id, kind, name, childTotal);
    }

    @Override
    public void advance(long amount) {
      long now = done.addAndGet(amount);
      long time = System.nanoTime();
      long last = lastSent.get();
      if (time - last >= PROGRESS_INTERVAL && lastSent.compareAndSet(last, time)) {
        synchronized (this) {
          send(new Event.Progress(clock.instant(), id, Math.max(now, done.get()), total));
        }
      }
    }

    @Override
    public void output(String line) {
      send(new Event.Output(clock.instant(), id, line));
    }

    @Override
    public void notice(String message) {
      send(new Event.Notice(clock.instant(), id, message));
    }

    @Override
    public void retried(int attempt, Duration delay, String cause) {
      send(new Event.Retried(clock.instant(), id, attempt, delay, cause));
    }

    @Override
    public void resumed(long offset) {
      send(new Event.Resumed(clock.instant(), id, offset));
    }

    @Override
    public void evicted(Digest digest, String reason) {
      send(new Event.Evicted(clock.instant(), id, digest, reason));
    }

    @Override
    public void done(String text) {
      end(Event.Outcome.DONE, text);
    }

    @Override
    public void cached(String text) {
      end(Event.Outcome.CACHED, text);
    }

    private void end(Event.Outcome how, String text) {
      outcome = how;
      detail = text.isEmpty() ? null : text;
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      Event.Outcome how = outcome;
      if (how == null) {
        how =
            Thread.currentThread().isInterrupted() ? Event.Outcome.CANCELLED : Event.Outcome.FAILED;
      }
      synchronized (this) {
        if (done.get() > 0) {
          send(new Event.Progress(clock.instant(), id, done.get(), total));
        }
        send(new Event.Finished(clock.instant(), id, how, detail));
      }
    }
  }
}
