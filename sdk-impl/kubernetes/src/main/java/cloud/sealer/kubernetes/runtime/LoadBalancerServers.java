package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.spi.HostCommand;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The hosts of the control plane that the load balancer of a worker knows. Needs no image, so that
 * a host that leaves is taken off the list whatever is in the store.
 */
public final class LoadBalancerServers extends HostStep {
  // haproxy has its servers in the settings, lvscare in arguments, a line each after its --vs.
  private static final String REPLACE =
      """
      awk '
        $1 == "settings:" { sub(/"[0-9a-f]*"/, "\\"" ENVIRON["EDITION"] "\\"") }
        /"--rs=/ { next }
        { print }
        /"--vs=/ { print ENVIRON["SERVERS"] }
      ' "$MANIFEST" >/etc/kubernetes/.load-balancer &&
        mv -f /etc/kubernetes/.load-balancer "$MANIFEST"
      """;

  private final List<String> controlPlanes;

  /**
   * The step.
   *
   * @param host a worker that has a load balancer
   * @param controlPlanes the hosts of the control plane
   */
  public LoadBalancerServers(HostView host, List<HostView> controlPlanes) {
    super("servers of the load balancer", host.host());
    this.controlPlanes = controlPlanes.stream().map(ApiEndpoint::address).toList();
  }

  @Override
  public String fingerprint() {
    return Haproxy.settings(controlPlanes);
  }

  @Override
  public String probe() {
    return "grep -qF '" + LoadBalancer.edition(controlPlanes) + "' " + LoadBalancer.MANIFEST;
  }

  @Override
  public void run(StepContext context) {
    context.journal().write(LoadBalancer.SETTINGS, 0644, Haproxy.settings(controlPlanes));
    context.exec(
        HostCommand.builder(REPLACE)
            .title("let the load balancer start again")
            .environment("MANIFEST", LoadBalancer.MANIFEST)
            .environment("EDITION", LoadBalancer.edition(controlPlanes))
            .environment(
                "SERVERS",
                controlPlanes.stream()
                    .map(address -> "        - \"" + VirtualServer.server(address) + "\"")
                    .collect(Collectors.joining("\n")))
            .build());
  }

  @Override
  public void verify(StepContext context) {
    super.verify(context);
    LoadBalancer.awaitAnswer(context);
  }
}
