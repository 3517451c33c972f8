package cloud.sealer.kubernetes.step;

import cloud.sealer.kubernetes.image.RootfsImage;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is wanted and what is there when a change is planned.
 *
 * @param change the change
 * @param spec how the cluster should be afterwards: that of the change, or the recorded one with
 *     the change applied; for a deletion, the recorded one
 * @param recorded what our own record says; empty if there is no such cluster yet
 * @param image the image of the spec; empty for changes that need none
 * @param installed the applications that the cluster has, as they are recorded; before them what
 *     the cluster was made of, if {@code image} is one more application
 * @param hosts the hosts of the cluster after the change, in the order of the spec
 * @param leaving the hosts to be taken out of the cluster
 * @param lost the hosts to be taken out that cannot be reached
 */
public record Situation(
    ClusterChange change,
    ClusterSpec spec,
    Optional<ClusterState> recorded,
    Optional<RootfsImage> image,
    List<Installed> installed,
    List<HostView> hosts,
    List<HostView> leaving,
    List<Host> lost) {
  /**
   * An image that a cluster has.
   *
   * @param image the image
   * @param spec the spec of its installation
   */
  public record Installed(RootfsImage image, ClusterSpec spec) {}

  /** Checks and copies the parts. */
  public Situation {
    Objects.requireNonNull(change, "change");
    Objects.requireNonNull(spec, "spec");
    installed = List.copyOf(installed);
    hosts = List.copyOf(hosts);
    leaving = List.copyOf(leaving);
    lost = List.copyOf(lost);
  }

  /** Whether a host was part of the cluster when it was last changed. */
  public boolean isNode(HostAddress address) {
    return recorded.isPresent() && recorded.get().nodes().contains(address);
  }

  /**
   * Whether the image is an application for the cluster that is there: it brings no Kubernetes, and
   * is not what the cluster was made of.
   */
  public boolean installsApplication() {
    return image.isPresent()
        && recorded.isPresent()
        && !image.get().image().digest().equals(recorded.get().image())
        && !image.get().bringsKubernetes();
  }

  /** The hosts of the control plane, the initial one first. */
  public List<HostView> controlPlanes() {
    return hosts.stream().filter(view -> view.host().controlPlane()).toList();
  }

  /** The hosts that only work. */
  public List<HostView> workers() {
    return hosts.stream().filter(view -> !view.host().controlPlane()).toList();
  }

  /** The image, for changes that have one. */
  public RootfsImage requireImage() {
    return image.orElseThrow(() -> new IllegalStateException("this change has no image"));
  }
}
