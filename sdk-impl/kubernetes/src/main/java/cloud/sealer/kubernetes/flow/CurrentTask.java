package cloud.sealer.kubernetes.flow;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.spi.Task;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The task of whoever works with something now, for what lives longer than one of them. */
final class CurrentTask implements Task {
  private volatile @Nullable Task current;

  void is(Task task) {
    current = task;
  }

  private Task current() {
    Task task = current;
    if (task == null) {
      throw new IllegalStateException("nobody works with this yet");
    }
    return task;
  }

  @Override
  public Task start(Event.TaskKind kind, String name, long total) {
    return current().start(kind, name, total);
  }

  @Override
  public void advance(long amount) {
    current().advance(amount);
  }

  @Override
  public void output(String line) {
    current().output(line);
  }

  @Override
  public void notice(String message) {
    current().notice(message);
  }

  @Override
  public void retried(int attempt, Duration delay, String cause) {
    current().retried(attempt, delay, cause);
  }

  @Override
  public void resumed(long offset) {
    current().resumed(offset);
  }

  @Override
  public void evicted(Digest digest, String reason) {
    current().evicted(digest, reason);
  }

  @Override
  public void done(String detail) {
    current().done(detail);
  }

  @Override
  public void cached(String detail) {
    current().cached(detail);
  }

  /** Closes nothing: the task is that of somebody else. */
  @Override
  public void close() {}
}
