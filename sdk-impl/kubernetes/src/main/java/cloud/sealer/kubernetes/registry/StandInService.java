package cloud.sealer.kubernetes.registry;

import cloud.sealer.kubernetes.runtime.Kubectl;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.spi.HostSession;
import java.util.TreeSet;

/**
 * The Service that takes the ports of the registries that the cluster's stands in for to it. It has
 * no selector: its endpoint is the host of the registry.
 */
final class StandInService extends HostStep {
  private static final String NAME = "sealer-registry";

  private final ClusterRegistry registry;

  StandInService(Host controlPlane, ClusterRegistry registry) {
    super("service of the registry", controlPlane);
    this.registry = registry;
  }

  @Override
  public boolean wholeCluster() {
    return true;
  }

  @Override
  public String fingerprint() {
    return manifest();
  }

  @Override
  public String probe() {
    return "kubectl --kubeconfig " + Kubectl.CONFIG + " -n kube-system get service " + NAME;
  }

  @Override
  public void run(StepContext context) {
    new Kubectl(context.session()).apply(manifest());
  }

  /** The address of the Service. */
  static String address(HostSession controlPlane) {
    return new Kubectl(controlPlane)
        .run("-n", "kube-system", "get", "service", NAME, "-o", "jsonpath={.spec.clusterIP}")
        .strip();
  }

  String manifest() {
    TreeSet<Integer> ports = new TreeSet<>();
    registry.names().forEach(name -> ports.add(ClusterRegistry.port(name)));
    StringBuilder service = new StringBuilder();
    StringBuilder endpoints = new StringBuilder();
    for (int port : ports) {
      service
          .append("    - {name: port-")
          .append(port)
          .append(", protocol: TCP, port: ")
          .append(port)
          .append(", targetPort: ")
          .append(registry.settings().port())
          .append("}\n");
      endpoints
          .append("      - {name: port-")
          .append(port)
          .append(", protocol: TCP, port: ")
          .append(registry.settings().port())
          .append("}\n");
    }
    return """
    apiVersion: v1
    kind: Service
    metadata:
      name: %s
      namespace: kube-system
    spec:
      ports:
    %s---
    apiVersion: v1
    kind: Endpoints
    metadata:
      name: %s
      namespace: kube-system
    subsets:
      - addresses:
          - ip: "%s"
        ports:
    %s"""
        .formatted(NAME, service, NAME, registry.address(), endpoints);
  }
}
