package cloud.sealer.core.event;

import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers the events of one call to its listener, in order, on a thread of its own. */
final class EventQueue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventQueue.class);
  private static final int CAPACITY = 4096;
  private static final long CLOSE_SECONDS = 10;

  private final EventListener listener;
  private final BlockingQueue<Optional<Event>> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final Thread thread;

  EventQueue(EventListener listener) {
    this.listener = listener;
    thread = new Thread(this::deliver, "sealer-events");
    thread.setDaemon(true);
    thread.start();
  }

  void send(Event event) {
    if (event instanceof Event.Progress) {
      queue.offer(Optional.of(event));
    } else {
      put(Optional.of(event));
    }
  }

  /** Puts an element even if the thread is interrupted, and keeps its flag. */
  private void put(Optional<Event> event) {
    boolean interrupted = Thread.interrupted();
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
      while (thread.isAlive() && System.nanoTime() < deadline) {
        try {
          if (queue.offer(event, 100, TimeUnit.MILLISECONDS)) {
            return;
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void deliver() {
    try {
      Optional<Event> next = queue.take();
      while (next.isPresent()) {
        try {
          listener.onEvent(next.get());
        } catch (RuntimeException e) {
          LOG.warn("event listener failed on {}", next.get(), e);
        }
        next = queue.take();
      }
    } catch (InterruptedException e) {
      LOG.debug("event delivery ended early", e);
    }
  }

  /** Waits until everything is delivered; gives up on a listener that blocks for long. */
  @Override
  public void close() {
    put(Optional.empty());
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (thread.isAlive()) {
      thread.interrupt();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
