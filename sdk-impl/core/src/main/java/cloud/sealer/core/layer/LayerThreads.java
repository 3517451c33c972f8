package cloud.sealer.core.layer;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The threads that write one layer; they end with it. */
final class LayerThreads {
  private LayerThreads() {}

  /** At most {@code count} threads, each started when it is first needed. */
  static ExecutorService pool(String work, int count) {
    return Executors.newFixedThreadPool(
        count,
        task -> {
          Thread thread = new Thread(task, "sealer-layer-" + work);
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Waits until all work is done. It is short, and interrupting it would close files under other
   * threads.
   */
  static void end(ExecutorService threads) {
    threads.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (threads.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
