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
}
