package cloud.sealer.sdk;

import java.util.List;
import java.util.Objects;

/**
 * Every container image that a rootfs names, with every place that names it, and every place where
 * the search could not be sure.
 *
 * @param found what is certain, sorted by name
 * @param suspected what looks like an image but may be none; collected only if asked for
 * @param excluded what was found but left out on the user's wish
 * @param unresolved what stands where an image must stand but cannot be resolved to one, such as a
 *     template variable
 */
public record DiscoveryReport(
    List<Found> found, List<Finding> suspected, List<Finding> excluded, List<Finding> unresolved) {
  /** A report without any finding. */
  public static final DiscoveryReport EMPTY =
      new DiscoveryReport(List.of(), List.of(), List.of(), List.of());

  /** Copies the lists. */
  public DiscoveryReport {
    found = List.copyOf(found);
    suspected = List.copyOf(suspected);
    excluded = List.copyOf(excluded);
    unresolved = List.copyOf(unresolved);
  }

  /**
   * An image that was found.
   *
   * @param image its full name
   * @param origins every place that names it, in the order of file, document and line
   */
  public record Found(Reference image, List<ImageOrigin> origins) {
    /** Checks and copies the parts. */
    public Found {
      Objects.requireNonNull(image, "image");
      origins = List.copyOf(origins);
    }
  }

  /**
   * A text that is not certainly an image to collect.
   *
   * @param text the text as it stands
   * @param origins every place that has it
   * @param reason why it is not certain, or who excluded it
   */
  public record Finding(String text, List<ImageOrigin> origins, String reason) {
    /** Checks and copies the parts. */
    public Finding {
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(reason, "reason");
      origins = List.copyOf(origins);
    }
  }
}
