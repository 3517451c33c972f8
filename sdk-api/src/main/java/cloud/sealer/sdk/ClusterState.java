package cloud.sealer.sdk;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What is recorded of a cluster after it was seen to hold. Has no secret.
 *
 * @param spec the spec of the last change, without passwords and passphrases
 * @param image the digest of the image that its hosts have
 * @param nodes the hosts that are part of it
 * @param complete whether the last change came to its end
 * @param changed when it was last changed
 */
public record ClusterState(
    ClusterSpec spec, Digest image, List<HostAddress> nodes, boolean complete, Instant changed) {
  /** Checks and copies the parts. */
  public ClusterState {
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(changed, "changed");
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
