package cloud.sealer.core.registry;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.spi.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Remembers what a client reports. */
final class RecordingTask implements Task {
  final AtomicLong advanced = new AtomicLong();
  final List<String> retries = new CopyOnWriteArrayList<>();

  @Override
  public Task start(Event.TaskKind kind, String name, long total) {
    return this;
  }

  @Override
  public void advance(long amount) {
    advanced.addAndGet(amount);
  }

  @Override
  public void output(String line) {}

  @Override
  public void notice(String message) {}

  @Override
  public void retried(int attempt, Duration delay, String cause) {
    retries.add(attempt + ": " + cause);
  }

  @Override
  public void resumed(long offset) {}

  @Override
  public void evicted(Digest digest, String reason) {}

  @Override
  public void done(String detail) {}

  @Override
  public void cached(String detail) {}

  @Override
  public void close() {}
}
