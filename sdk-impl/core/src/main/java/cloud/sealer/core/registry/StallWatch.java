package cloud.sealer.core.registry;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Ends uploads to servers that stop reading: sockets have a time limit for reading, none for
 * writing. Its one thread exists only while something is uploaded.
 */
final class StallWatch implements Closeable {
  private static final int CHECKS = 10;

  private final ScheduledThreadPoolExecutor timer;
  private final Duration limit;

  StallWatch(Duration limit) {
    this.limit = limit;
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "sealer-registry-uploads");
              thread.setDaemon(true);
              return thread;
            });
    timer.setKeepAliveTime(1, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * Watches until the returned action is run.
   *
   * @param position how far the work is
   * @param abort ends it; called if the position stays the same for the time limit
   */
  Runnable watch(LongSupplier position, Runnable abort) throws IOException {
    long period = Math.max(1, limit.toMillis() / CHECKS);
    try {
      ScheduledFuture<?> check =
          timer.scheduleWithFixedDelay(
              new Check(position, abort), period, period, TimeUnit.MILLISECONDS);
      return () -> check.cancel(false);
    } catch (RejectedExecutionException e) {
      throw new IOException("the registry client is closed", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private static final class Check implements Runnable {
    private final LongSupplier position;
    private final Runnable abort;
    private long last = -1;
    private int same;

    Check(LongSupplier position, Runnable abort) {
      this.position = position;
      this.abort = abort;
    }

    @Override
    public void run() {
      long now = position.getAsLong();
      same = now == last ? same + 1 : 0;
      last = now;
      if (same == CHECKS) {
        abort.run();
      }
    }
  }
}
