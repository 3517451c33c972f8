package cloud.sealer.core.event;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.spi.Task;
import java.time.Duration;

/**
 * A part of a task in which nothing is worth a notice, such as a look for what need not be there.
 */
public final class UnnoticedTask implements Task {
  private final Task task;

  /** Reports all but notices to a task, which whoever has it ends. */
  public UnnoticedTask(Task task) {
    this.task = task;
  }

  @Override
  public Task start(Event.TaskKind kind, String name, long total) {
    return task.start(kind, name, total);
  }

  @Override
  public void advance(long amount) {
    task.advance(amount);
  }

  @Override
  public void output(String line) {
    task.output(line);
  }

  @Override
  public void notice(String message) {}

  @Override
  public void retried(int attempt, Duration delay, String cause) {
    task.retried(attempt, delay, cause);
  }

  @Override
  public void resumed(long offset) {
    task.resumed(offset);
  }

  @Override
  public void evicted(Digest digest, String reason) {
    task.evicted(digest, reason);
  }

  @Override
  public void done(String detail) {}

  @Override
  public void cached(String detail) {}

  @Override
  public void close() {}
}
