package cloud.sealer.sdk;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Hosts of a Clusterfile that share settings.
 *
 * @param addresses where they are
 * @param roles what they are, such as {@link Host#CONTROL_PLANE}
 * @param ssh how to log in; what is not set is taken from the cluster
 * @param env variables of their scripts and templates; each replaces the cluster's of the same name
 */
public record HostGroup(
    List<HostAddress> addresses, Set<String> roles, SshOptions ssh, Map<String, List<String>> env) {
  /** Checks and copies the parts. */
  public HostGroup {
    addresses = List.copyOf(addresses);
    roles = Collections.unmodifiableSet(new LinkedHashSet<>(roles));
    Objects.requireNonNull(ssh, "ssh");
    Map<String, List<String>> copy = new LinkedHashMap<>();
    env.forEach(
        (name, values) -> {
          if (values.isEmpty()) {
            throw new IllegalArgumentException("the variable " + name + " has no value");
          }
          copy.put(name, List.copyOf(values));
        });
    env = Collections.unmodifiableMap(copy);
  }

  /**
   * Hosts with nothing but a role.
   *
   * @param addresses where they are
   * @param role what they are
   * @return the group
   */
  public static HostGroup of(List<HostAddress> addresses, String role) {
    return new HostGroup(addresses, Set.of(role), SshOptions.NONE, Map.of());
  }

  /** All hosts of some groups, each once, with what counts for all groups merged in. */
  static List<Host> hosts(List<HostGroup> groups, SshOptions ssh, Map<String, List<String>> env) {
    Map<HostAddress, Host> hosts = new LinkedHashMap<>();
    for (HostGroup group : groups) {
      Map<String, List<String>> merged = new LinkedHashMap<>(env);
      merged.putAll(group.env());
      for (HostAddress address : group.addresses()) {
        Host host = new Host(address, group.roles(), group.ssh().orElse(ssh), merged);
        hosts.merge(address, host, HostGroup::both);
      }
    }
    return List.copyOf(hosts.values());
  }

  private static Host both(Host first, Host second) {
    Set<String> roles = new LinkedHashSet<>(first.roles());
    roles.addAll(second.roles());
    Map<String, List<String>> env = new LinkedHashMap<>(second.env());
    env.putAll(first.env());
    return new Host(first.address(), roles, first.ssh().orElse(second.ssh()), env);
  }
}
