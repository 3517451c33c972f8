package cloud.sealer.sdk;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What distinguishes two cluster images, platform by platform.
 *
 * @param from the first image
 * @param to the second image
 * @param platforms the differences, sorted by platform; a platform that only one image has is
 *     compared with nothing
 * @param addedBytes the bytes of blobs that only the second has: what {@link Images#delta} carries
 * @param removedBytes the bytes of blobs that only the first has
 * @param sharedBytes the bytes of blobs that both have
 */
public record ImageDiff(
    ClusterImage from,
    ClusterImage to,
    List<PlatformDiff> platforms,
    long addedBytes,
    long removedBytes,
    long sharedBytes) {
  /** Checks and copies the parts. */
  public ImageDiff {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    platforms = List.copyOf(platforms);
  }

  /**
   * Whether the two are the same image.
   *
   * @return true if their digests are equal
   */
  public boolean same() {
    return from.digest().equals(to.digest());
  }

  /**
   * The differences for one platform.
   *
   * @param platform the platform
   * @param containerImages container images, by repository and tag; one whose tag alone changed is
   *     one change
   * @param charts charts below {@code charts/}, by name; the values are versions
   * @param files files and links of the rootfs outside {@code registry/}, by path, those below
   *     {@code manifests/} and {@code charts/} included; the values are sizes and modes
   * @param commands commands that start with the cluster; the values are their texts
   * @param settings the version of Kubernetes, the base and the default values of arguments
   */
  public record PlatformDiff(
      Platform platform,
      List<Change> containerImages,
      List<Change> charts,
      List<Change> files,
      List<Change> commands,
      List<Change> settings) {
    /** Checks and copies the parts. */
    public PlatformDiff {
      Objects.requireNonNull(platform, "platform");
      containerImages = List.copyOf(containerImages);
      charts = List.copyOf(charts);
      files = List.copyOf(files);
      commands = List.copyOf(commands);
      settings = List.copyOf(settings);
    }

    /**
     * The changed files below {@code manifests/}.
     *
     * @return those of {@link #files}
     */
    public List<Change> manifests() {
      return files.stream().filter(change -> change.name().startsWith("manifests/")).toList();
    }

    /**
     * Whether there is no difference.
     *
     * @return true if nothing changed
     */
    public boolean isEmpty() {
      return containerImages.isEmpty()
          && charts.isEmpty()
          && files.isEmpty()
          && commands.isEmpty()
          && settings.isEmpty();
    }
  }

  /**
   * One thing that only one image has, or both have differently.
   *
   * @param name what it is
   * @param before what the first image has; empty if nothing
   * @param after what the second image has; empty if nothing
   */
  public record Change(String name, Optional<String> before, Optional<String> after) {
    /** Checks the parts. */
    public Change {
      Objects.requireNonNull(name, "name");
      if (before.isEmpty() && after.isEmpty()) {
        throw new IllegalArgumentException("a change needs one of two sides: " + name);
      }
    }

    /**
     * What happened.
     *
     * @return the kind
     */
    public Kind kind() {
      if (before.isEmpty()) {
        return Kind.ADDED;
      }
      return after.isEmpty() ? Kind.REMOVED : Kind.CHANGED;
    }
  }

  /** What happened to a thing. */
  public enum Kind {
    /** Only the second image has it. */
    ADDED,
    /** Only the first image has it. */
    REMOVED,
    /** Both have it, differently. */
    CHANGED
  }
}
