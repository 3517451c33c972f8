package cloud.sealer.sdk;

import java.util.Objects;

/**
 * An image that was built, and how it came about.
 *
 * @param image the image
 * @param discovery every container image that was looked for
 * @param executed how many instructions were executed
 * @param cached how many instructions were taken from the cache
 * @param downloadedBytes how many bytes of container images came over the network
 */
public record BuildResult(
    ClusterImage image, DiscoveryReport discovery, int executed, int cached, long downloadedBytes) {
  /** Checks the parts. */
  public BuildResult {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(discovery, "discovery");
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
