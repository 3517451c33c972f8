package cloud.sealer.sdk;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Machines of one kind to be made. Sizes count when a machine is made; one that is there stays as
 * it is.
 *
 * @param roles what they are in the cluster, such as {@link Host#CONTROL_PLANE}
 * @param count how many; 0 for a group that has none now
 * @param cpus how many processors each has; 0 for what the provider takes if nobody says
 * @param memory the memory of each in bytes; 0 for what the provider takes if nobody says
 * @param systemDisk the disk of the operating system of each in bytes; 0 for what the provider
 *     takes if nobody says
 * @param dataDisks the further disks of each in bytes, empty ones
 */
public record MachineGroup(
    Set<String> roles, int count, int cpus, long memory, long systemDisk, List<Long> dataDisks) {
  /** Checks and copies the parts. */
  public MachineGroup {
    roles = Collections.unmodifiableSet(new LinkedHashSet<>(roles));
    dataDisks = List.copyOf(dataDisks);
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("a group of machines needs a role");
    }
    if (count < 0) {
      throw new IllegalArgumentException("a group has 0 machines or more, got " + count);
    }
    if (cpus < 0 || memory < 0 || systemDisk < 0 || dataDisks.stream().anyMatch(d -> d <= 0)) {
      throw new IllegalArgumentException(
          "processors, memory and disks are not negative, and a data disk has a size");
    }
  }

  /**
   * Machines of the provider's usual size.
   *
   * @param role what they are in the cluster
   * @param count how many, at least 0
   * @return the group
   */
  public static MachineGroup of(String role, int count) {
    return new MachineGroup(Set.of(role), count, 0, 0, 0, List.of());
  }

  /**
   * The same with processors and memory.
   *
   * @param newCpus how many processors each has
   * @param newMemory the memory of each in bytes
   * @return a copy
   */
  public MachineGroup sized(int newCpus, long newMemory) {
    return new MachineGroup(roles, count, newCpus, newMemory, systemDisk, dataDisks);
  }

  /**
   * Whether the machines are to run the control plane.
   *
   * @return true if they have the role
   */
  public boolean controlPlane() {
    return roles.contains(Host.CONTROL_PLANE);
  }
}
