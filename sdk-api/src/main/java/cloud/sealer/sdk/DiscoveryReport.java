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
   * What only the running cluster told of: images that no file of the rootfs names, such as those
   * an operator asks for. Without a cluster they would not have been collected.
   *
   * @return those of {@link #found}, in the same order; empty for a build without a cluster
   */
  public List<Found> onlyInCluster() {
    return found.stream().filter(Found::onlyInCluster).toList();
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

    /**
     * Whether only the running cluster told of it.
     *
     * @return true if no file and no request names it
     */
    public boolean onlyInCluster() {
      return !origins.isEmpty() && origins.stream().allMatch(ImageOrigin::inCluster);
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
