package cloud.sealer.sdk;

import java.time.Duration;
import java.util.Objects;

/**
 * What {@link Images#prune(PruneOptions)} may delete.
 *
 * @param olderThan how long a blob or an unfinished download must not have been written to; zero
 *     for any
 * @param dryRun whether to count only, and delete nothing
 */
public record PruneOptions(Duration olderThan, boolean dryRun) {
  /** Everything that is not needed, at once. */
  public static final PruneOptions DEFAULT = new PruneOptions(Duration.ZERO, false);

  /** Checks the parts. */
  public PruneOptions {
    Objects.requireNonNull(olderThan, "olderThan");
    if (olderThan.isNegative()) {
      throw new IllegalArgumentException("an age must not be negative, got " + olderThan);
    }
  }
}
