package cloud.sealer.core.store;

import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Brings what was written of a large file to the disk while more of it comes, so that little is
 * left to wait for when it has to be durable. Not thread-safe.
 */
final class EarlyForce {
  private static final long STEP = 32L * 1024 * 1024;

  private final FileChannel channel;
  private long begun;
  private @Nullable Thread thread;
  private volatile @Nullable IOException failure;

  EarlyForce(FileChannel channel) {
    this.channel = channel;
  }

  /** The file has grown to that length. */
  void grown(long length) {
    Thread running = thread;
    if (length - begun < STEP || (running != null && running.isAlive())) {
      return;
    }
    begun = length;
    Thread next = new Thread(this::force, "sealer-store-force");
    next.setDaemon(true);
    next.start();
    thread = next;
  }

  private void force() {
    try {
      channel.force(false);
    } catch (IOException e) {
      failure = e;
    }
  }

  /** Waits for what has begun. A failure is thrown here, since the disk tells of it only once. */
  void await() throws IOException {
    end();
    if (Thread.currentThread().isInterrupted()) {
      throw SealerException.cancelled("writing to the store");
    }
    IOException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
  }

  /** Waits for what has begun, before the channel is closed. */
  void end() {
    Thread running = thread;
    boolean interrupted = false;
    while (running != null && running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
