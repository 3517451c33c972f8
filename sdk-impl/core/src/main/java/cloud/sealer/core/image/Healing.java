package cloud.sealer.core.image;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.Task;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Does work once more when it met a damaged blob. Whoever finds one has thrown it away, so the next
 * time it is missing, and made or fetched anew like any other.
 */
public final class Healing {
  private static final int MAX = 16;

  private Healing() {}

  /** Does the work until it meets no further damaged blob, and reports each of them once. */
  public static <R> R run(Task task, Supplier<R> work) {
    Set<String> damaged = new HashSet<>();
    while (true) {
      try {
        return work.get();
      } catch (SealerException e) {
        String digest = e.details().get("digest");
        if (e.code() != ErrorCode.STORE_CORRUPT
            || digest == null
            || damaged.size() == MAX
            || !damaged.add(digest)) {
          throw e;
        }
        task.evicted(Digest.parse(digest), String.valueOf(e.getMessage()));
      }
    }
  }
}
