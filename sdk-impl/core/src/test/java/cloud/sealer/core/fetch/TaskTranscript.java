package cloud.sealer.core.fetch;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.spi.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Writes down what is reported, in order and word by word; parts write to the same list. */
final class TaskTranscript implements Task {
  final List<String> events = new CopyOnWriteArrayList<>();
  final AtomicLong done = new AtomicLong();

  @Override
  public Task start(Event.TaskKind kind, String name, long total) {
    events.add("start " + kind + " " + name + " " + total);
    return this;
  }

  @Override
  public void advance(long amount) {
    if (amount < 0) {
      throw new IllegalArgumentException("a counter never goes back");
    }
    done.addAndGet(amount);
  }

  @Override
  public void output(String line) {
    events.add("output " + line);
  }

  @Override
  public void notice(String message) {
    events.add("notice " + message);
  }

  @Override
  public void retried(int attempt, Duration delay, String cause) {
    events.add("retried " + attempt + " after " + delay + ": " + cause);
  }

  @Override
  public void resumed(long offset) {
    events.add("resumed " + offset);
  }

  @Override
  public void evicted(Digest digest, String reason) {
    events.add("evicted " + digest);
  }

  @Override
  public void done(String detail) {
    events.add("done " + detail);
  }

  @Override
  public void cached(String detail) {
    events.add("cached " + detail);
  }

  @Override
  public void close() {
    events.add("close" + (Thread.currentThread().isInterrupted() ? " interrupted" : ""));
  }
}
