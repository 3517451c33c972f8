package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RootfsPath;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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

  /**
   * Looks for images like {@link #discover(FileTree, Sink)}, with what else the build knows. Builds
   * call this method; it leaves the rest to the other one unless a discoverer needs more than the
   * files.
   *
   * @param files the new files of the rootfs, later layers over earlier ones
   * @param surroundings what is known beside the files
   * @param sink where to report what was found
   * @throws cloud.sealer.sdk.SealerException if a file cannot be read
   */
  default void discover(FileTree files, Surroundings surroundings, Sink sink) {
    discover(files, sink);
  }

  /**
   * What a build knows and lends beside the files.
   *
   * @param scratch an existing directory for temporary files, which the discoverer removes when it
   *     is done
   * @param kubernetesVersion the version of the cluster, such as {@code v1.28.3}, as the rootfs or
   *     its base image says
   * @param apiVersions API versions the cluster has beside those of Kubernetes, such as {@code
   *     monitoring.coreos.com/v1}
   */
  record Surroundings(Path scratch, Optional<String> kubernetesVersion, List<String> apiVersions) {
    /** Checks and copies the parts. */
    public Surroundings {
      Objects.requireNonNull(scratch, "scratch");
      Objects.requireNonNull(kubernetesVersion, "kubernetesVersion");
      apiVersions = List.copyOf(apiVersions);
    }
  }

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

    /**
     * Reports which versions of Kubernetes something in the rootfs asks for. Ignored by default.
     *
     * @param range the versions, as {@code kubeVersion} of a chart has them, such as {@code
     *     >=1.25.0-0}
     * @param file who asks
     */
    default void needsKubernetes(String range, RootfsPath file) {}
  }
}
