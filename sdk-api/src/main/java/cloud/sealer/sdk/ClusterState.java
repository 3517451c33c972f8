package cloud.sealer.sdk;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What is recorded of a cluster after it was seen to hold. Has no secret.
 *
 * @param spec the spec of the last change of the cluster itself, without passwords and passphrases
 * @param image the digest of the image that its hosts were made of
 * @param applications the images without Kubernetes that were installed into it since, in their
 *     order
 * @param nodes the hosts that are part of it
 * @param complete whether the last change came to its end
 * @param changed when it was last changed
 */
public record ClusterState(
    ClusterSpec spec,
    Digest image,
    List<Application> applications,
    List<HostAddress> nodes,
    boolean complete,
    Instant changed) {
  /**
   * An image without Kubernetes that was installed into a cluster.
   *
   * @param spec the spec of its installation, without passwords and passphrases
   * @param image its digest
   */
  public record Application(ClusterSpec spec, Digest image) {
    /** Checks the parts. */
    public Application {
      Objects.requireNonNull(spec, "spec");
      Objects.requireNonNull(image, "image");
    }
  }

  /** Checks and copies the parts. */
  public ClusterState {
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(changed, "changed");
    applications = List.copyOf(applications);
    nodes = List.copyOf(nodes);
  }

  /**
   * The name of the cluster.
   *
   * @return the name
   */
  public String name() {
    return spec.name();
  }
}
