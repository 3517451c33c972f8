package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;

/**
 * Looks for container images in the files that a build added to the rootfs. Thread-safe.
 *
 * <p>All discoverers see all files and report into one {@link cloud.sealer.sdk.DiscoveryReport};
 * one image reported from several places is one image with several origins.
 */
public interface ImageDiscoverer {
  /**
   * Looks for images.
   *
   * @param files the new files of the rootfs, later layers over earlier ones
   * @param sink where to report what was found
   * @throws cloud.sealer.sdk.SealerException if a file cannot be read
   */
  void discover(FileTree files, Sink sink);

  /** Takes what a discoverer finds. Not thread-safe. */
  interface Sink {
    /**
     * Reports a certain image.
     *
     * @param image its full name
     * @param origin where it stands
     */
    void found(Reference image, ImageOrigin origin);

    /**
     * Reports a text that looks like an image but may be none.
     *
     * @param text the text
     * @param origin where it stands
     * @param reason why it is suspected, as half a sentence
     */
    void suspected(String text, ImageOrigin origin, String reason);

    /**
     * Reports a text that must be an image but cannot be resolved to one.
     *
     * @param text the text
     * @param origin where it stands
     * @param reason why it cannot be resolved
     */
    void unresolved(String text, ImageOrigin origin, String reason);

    /**
     * Tells the user something that stops nothing, such as a file that could not be read as what it
     * claims to be and was searched in another way. Ignored by default.
     *
     * @param message one sentence that names the file
     */
    default void notice(String message) {}
  }
}
