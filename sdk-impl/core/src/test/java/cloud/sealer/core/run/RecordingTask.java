package cloud.sealer.core.run;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.spi.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a command printed and what the executor remarked. */
final class RecordingTask implements Task {
  final List<String> lines = new CopyOnWriteArrayList<>();
  final List<String> notices = new CopyOnWriteArrayList<>();

  @Override
  public void output(String line) {
    lines.add(line);
  }

  @Override
  public void notice(String message) {
    notices.add(message);
  }

  @Override
  public Task start(Event.TaskKind kind, String name, long total) {
    return this;
  }

  @Override
  public void advance(long amount) {}

  @Override
  public void retried(int attempt, Duration delay, String cause) {}

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
