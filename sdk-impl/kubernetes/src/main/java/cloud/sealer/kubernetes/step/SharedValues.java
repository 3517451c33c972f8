package cloud.sealer.kubernetes.step;

import cloud.sealer.sdk.SealerException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Values that the steps of one run make for one another, such as a join token: the first who needs
 * one makes it, the others wait. Kept in memory only. Thread-safe.
 */
public final class SharedValues {
  private final Map<String, Slot> slots = new ConcurrentHashMap<>();

  private static final class Slot {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Object value;
  }

  /** Nothing made yet. */
  public SharedValues() {}

  /**
   * Gives a value. If making it fails, the next caller tries again.
   *
   * @param name the name of the value
   * @param type what it is
   * @param maker makes it, if nobody has yet; must not ask for the same name
   */
  public <T> T once(String name, Class<T> type, Supplier<T> maker) {
    Slot slot = slots.computeIfAbsent(name, key -> new Slot());
    try {
      slot.lock.lockInterruptibly();
    } catch (InterruptedException e) {
      throw SealerException.cancelled("waiting for " + name);
    }
    try {
      Object value = slot.value;
      if (value == null) {
        value = maker.get();
        slot.value = value;
      }
      return type.cast(value);
    } finally {
      slot.lock.unlock();
    }
  }
}
