package cloud.sealer.sdk;

import java.util.List;
import java.util.Objects;

/**
 * An image that was built, and how it came about.
 *
 * @param image the image
 * @param discovery every container image that was looked for, by the files of any platform
 * @param executed how many instructions were executed, counted for each platform
 * @param cached how many instructions were taken from the cache, counted for each platform
 * @param downloadedBytes how many bytes of container images came over the network
 * @param missing container images that were left out for a platform they do not have, as {@link
 *     BuildRequest#missingPlatforms} allows
 */
public record BuildResult(
    ClusterImage image,
    DiscoveryReport discovery,
    int executed,
    int cached,
    long downloadedBytes,
    List<MissingImage> missing) {
  /** Checks and copies the parts. */
  public BuildResult {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(discovery, "discovery");
    missing = List.copyOf(missing);
  }

  /**
   * A result without anything missing.
   *
   * @param image the image
   * @param discovery every container image that was looked for
   * @param executed how many instructions were executed
   * @param cached how many instructions were taken from the cache
   * @param downloadedBytes how many bytes of container images came over the network
   */
  public BuildResult(
      ClusterImage image,
      DiscoveryReport discovery,
      int executed,
      int cached,
      long downloadedBytes) {
    this(image, discovery, executed, cached, downloadedBytes, List.of());
  }

  /**
   * A container image that was left out.
   *
   * @param image its name
   * @param platform the platform it is not there for
   * @param origins what names it
   */
  public record MissingImage(Reference image, Platform platform, List<ImageOrigin> origins) {
    /** Checks and copies the parts. */
    public MissingImage {
      Objects.requireNonNull(image, "image");
      Objects.requireNonNull(platform, "platform");
      origins = List.copyOf(origins);
    }
  }

  /**
   * What tags meant to this build, for {@link BuildRequest.Builder#lock} of a later one.
   *
   * @return the lock
   */
  public ImageLock lock() {
    return ImageLock.of(image);
  }
}
