package cloud.sealer.core.run;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.spi.Task;
import java.time.Duration;

/** A task nobody listens to, for the commands of probes. */
class SilentTask implements Task {
  @Override
  public Task start(Event.TaskKind kind, String name, long total) {
    return this;
  }

  @Override
  public void advance(long amount) {}

  @Override
  public void output(String line) {}

  @Override
  public void notice(String message) {}

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
