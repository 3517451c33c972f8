package cloud.sealer.core.layer;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A piece of a layer in memory, used by several threads and given back to its pool by the last. */
final class Chunk {
  /** Large enough to hide the cost of handing it over, small enough for many of them. */
  static final int CAPACITY = 256 * 1024;

  final byte[] bytes = new byte[CAPACITY];
  private final BlockingQueue<Chunk> pool;
  private final AtomicInteger users = new AtomicInteger();
  private int length;

  Chunk(BlockingQueue<Chunk> pool) {
    this.pool = pool;
  }

  int length() {
    return length;
  }

  int room() {
    return CAPACITY - length;
  }

  void advance(int count) {
    length += count;
  }

  /** Adds users, each of which calls {@link #release} once. */
  void retain(int count) {
    users.addAndGet(count);
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      length = 0;
      pool.add(this);
    }
  }
}
