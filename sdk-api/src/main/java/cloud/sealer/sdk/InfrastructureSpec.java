package cloud.sealer.sdk;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Machines that a cluster is to run on, by number instead of by address: they are made for it.
 *
 * <p>A machine belongs to its group by the position of the group. So groups of a cluster that is
 * there keep their order, further ones come last, and one that is not wanted any more has the count
 * 0, or is dropped if it is the last.
 *
 * @param provider the name of the {@link cloud.sealer.sdk.spi.InfrastructureProvider} that makes
 *     them; empty for the only one there is
 * @param groups the machines by kind; the first group runs the control plane, and its first machine
 *     is the initial control plane
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
    if (groups.isEmpty() || !groups.get(0).controlPlane() || groups.get(0).count() < 1) {
      throw new IllegalArgumentException(
          "the first group of machines must run the control plane, with at least one machine");
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
