package cloud.sealer.core.fetch;

import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes work that waits for sockets or processes end when the calling thread is interrupted. */
final class Abortable {
  private static final long PATIENCE_SECONDS = 10;

  private Abortable() {}

  /** Work that may block. */
  @FunctionalInterface
  interface Work {
    /** Does it. */
    void run() throws IOException, InterruptedException;
  }

  /**
   * Runs the work and waits for it.
   *
   * @param what what is cancelled, for the message
   * @param abort closes what the work waits for; called by another thread than that of the work
   * @param work the work
   */
  static void run(String what, Runnable abort, Work work) throws IOException {
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              work.run();
              return true;
            });
    Thread thread = new Thread(task, "sealer-fetch");
    thread.setDaemon(true);
    thread.start();
    try {
      task.get();
    } catch (InterruptedException e) {
      abort.run();
      thread.interrupt();
      joinQuietly(thread);
      throw SealerException.cancelled(what);
    } catch (ExecutionException e) {
      throw unwrapped(e.getCause());
    }
  }

  private static IOException unwrapped(@Nullable Throwable cause) {
    if (cause instanceof RuntimeException problem) {
      throw problem;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof IOException problem ? problem : new IOException(cause);
  }

  private static void joinQuietly(Thread thread) {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
