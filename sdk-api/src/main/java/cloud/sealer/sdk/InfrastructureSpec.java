package cloud.sealer.sdk;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Machines that a cluster is to run on and that do not exist yet.
 *
 * @param provider the name of the {@link cloud.sealer.sdk.spi.InfrastructureProvider} that makes
 *     them; empty for the only one there is
 * @param groups the machines by kind; the first machine of the first group that runs the control
 *     plane is the initial control plane
 * @param image the image they start from, in the provider's own words; empty for what the provider
 *     takes if nobody says
 * @param options what only this provider understands, such as {@code region}; no secrets
 */
public record InfrastructureSpec(
    String provider, List<MachineGroup> groups, String image, Map<String, String> options) {
  /** One control plane of the provider's usual size, and nothing else. */
  public static final InfrastructureSpec DEFAULT =
      new InfrastructureSpec("", List.of(MachineGroup.of(Host.CONTROL_PLANE, 1)), "", Map.of());

  /** Checks and copies the parts. */
  public InfrastructureSpec {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(image, "image");
    groups = List.copyOf(groups);
    options = Collections.unmodifiableMap(new TreeMap<>(options));
    if (groups.stream().noneMatch(MachineGroup::controlPlane)) {
      throw new IllegalArgumentException("one group of machines must run the control plane");
    }
  }

  /**
   * How many machines there are to be.
   *
   * @return the sum over all groups
   */
  public int count() {
    return groups.stream().mapToInt(MachineGroup::count).sum();
  }
}
