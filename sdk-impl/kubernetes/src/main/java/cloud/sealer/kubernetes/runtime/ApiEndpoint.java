package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostFacts;
import java.util.ArrayList;
import java.util.List;

/**
 * How hosts find the API server: by a name that each of them resolves on its own.
 *
 * <p>A name may have several addresses in {@code /etc/hosts}; the programs of Kubernetes try them
 * in their order, and go on to the next at once when one refuses. So a host of the control plane
 * has itself first, and a worker its own load balancer: neither needs the order of starts to be
 * right, and while the first does not listen yet, as during a join, the next one answers.
 */
public final class ApiEndpoint {
  /** The name of the API server. */
  public static final String NAME = "apiserver.cluster.local";

  /** Its port, on every host. */
  public static final int PORT = 6443;

  private ApiEndpoint() {}

  /** The address a host has in the cluster. */
  public static String address(HostView view) {
    return address(view.host(), view.facts());
  }

  /** The address a host has in the cluster. */
  public static String address(Host host, HostFacts facts) {
    String given = host.address().host();
    boolean literal = host.address().ipv6() || given.matches("[0-9.]+");
    return literal || facts.addresses().isEmpty() ? given : facts.addresses().get(0);
  }

  /** An address and a port, as URLs write them. */
  public static String hostPort(String address, int port) {
    return address.indexOf(':') >= 0 ? "[" + address + "]:" + port : address + ":" + port;
  }

  /**
   * The lines of {@code /etc/hosts} of a host.
   *
   * @param host the host
   * @param balancer the address of its load balancer; empty for none
   * @param controlPlanes the hosts of the control plane that are up, the initial one first
   */
  public static List<String> hostsLines(
      HostView host, String balancer, List<HostView> controlPlanes) {
    List<String> addresses = new ArrayList<>();
    if (!balancer.isEmpty()) {
      addresses.add(balancer);
    }
    HostAddress own = host.address();
    controlPlanes.stream()
        .filter(each -> each.address().equals(own))
        .forEach(each -> addresses.add(address(each)));
    controlPlanes.stream()
        .filter(each -> !each.address().equals(own))
        .forEach(each -> addresses.add(address(each)));
    return addresses.stream().map(address -> address + " " + NAME).toList();
  }
}
