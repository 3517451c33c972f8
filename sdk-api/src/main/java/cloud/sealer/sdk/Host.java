package cloud.sealer.sdk;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * One machine of a cluster with everything that counts for it merged: its own settings over those
 * of the cluster.
 *
 * @param address where it is
 * @param roles what it is in the cluster, in the order of the Clusterfile; {@link #CONTROL_PLANE}
 *     and {@link #WORKER} have a meaning, others only select
 * @param ssh how to log in
 * @param env the variables its scripts and templates see; a variable may have several values
 */
public record Host(
    HostAddress address, Set<String> roles, SshOptions ssh, Map<String, List<String>> env) {
  /** The role of a control-plane node, as Clusterfiles spell it. */
  public static final String CONTROL_PLANE = "master";

  /** The role of a worker, as Clusterfiles spell it. */
  public static final String WORKER = "node";

  /** Checks and copies the parts. */
  public Host {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(ssh, "ssh");
    roles = Collections.unmodifiableSet(new java.util.LinkedHashSet<>(roles));
    TreeMap<String, List<String>> copy = new TreeMap<>();
    env.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    env = Collections.unmodifiableMap(copy);
  }

  /**
   * A machine with default settings and no role.
   *
   * @param address where it is
   * @return the host
   */
  public static Host at(HostAddress address) {
    return new Host(address, Set.of(), SshOptions.NONE, Map.of());
  }

  /**
   * Whether it is to run the control plane.
   *
   * @return true if it has the role
   */
  public boolean controlPlane() {
    return roles.contains(CONTROL_PLANE);
  }

  /**
   * The user to log in as.
   *
   * @return the user set, or {@code root}
   */
  public String user() {
    return ssh.user().orElse(SshOptions.DEFAULT_USER);
  }

  /**
   * The port of its SSH server.
   *
   * @return the port of the address, else of the options, else 22
   */
  public int port() {
    if (address.port() != 0) {
      return address.port();
    }
    return ssh.port() != 0 ? ssh.port() : SshOptions.DEFAULT_PORT;
  }
}
