package cloud.sealer.kubernetes.kubeadm;

import java.util.Objects;

/**
 * What kubeadm must know of the one node it sets up.
 *
 * @param name the name the node gets; empty for the host's own name
 * @param address the IP address others reach it by, which becomes its internal address
 * @param criSocket the socket of its container runtime
 */
public record KubeadmNode(String name, String address, String criSocket) {
  /** Checks the parts. */
  public KubeadmNode {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(criSocket, "criSocket");
  }
}
