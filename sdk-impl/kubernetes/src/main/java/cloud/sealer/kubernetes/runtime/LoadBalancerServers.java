package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.spi.HostCommand;
import java.util.List;

/**
 * The hosts of the control plane that the load balancer of a worker knows. Needs no image, so that
 * a host that leaves is taken off the list whatever is in the store.
 */
public final class LoadBalancerServers extends HostStep {
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
    return LoadBalancer.settings(controlPlanes);
  }

  @Override
  public String probe() {
    return "grep -qF '" + LoadBalancer.edition(controlPlanes) + "' " + LoadBalancer.MANIFEST;
  }

  @Override
  public void run(StepContext context) {
    context.journal().write(LoadBalancer.SETTINGS, 0644, LoadBalancer.settings(controlPlanes));
    context.exec(
        HostCommand.builder(
                "sed 's/^\\( *settings: \\)\"[0-9a-f]*\"$/\\1\""
                    + LoadBalancer.edition(controlPlanes)
                    + "\"/' \"$MANIFEST\" >/etc/kubernetes/.load-balancer"
                    + " && mv -f /etc/kubernetes/.load-balancer \"$MANIFEST\"")
            .title("let the load balancer start again")
            .environment("MANIFEST", LoadBalancer.MANIFEST)
            .build());
  }

  @Override
  public void verify(StepContext context) {
    super.verify(context);
    LoadBalancer.awaitAnswer(context);
  }
}
