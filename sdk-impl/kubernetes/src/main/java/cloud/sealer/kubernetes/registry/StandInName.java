package cloud.sealer.kubernetes.registry;

import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.HostAddress;
import java.util.List;

/** Leads the name of a registry that the cluster's stands in for to its Service. */
final class StandInName extends HostStep {
  private final HostAddress controlPlane;
  private final String registryHost;

  StandInName(HostView view, HostAddress controlPlane, String registryHost) {
    super("name of registry " + registryHost, view.host());
    this.controlPlane = controlPlane;
    this.registryHost = registryHost;
  }

  @Override
  public String fingerprint() {
    return "";
  }

  @Override
  public String probe() {
    return "grep -qE "
        + ShellText.quote("^[0-9a-f.:]+ " + registryHost.replace(".", "\\.") + "$")
        + " /etc/hosts";
  }

  @Override
  public void run(StepContext context) {
    String address =
        context
            .shared()
            .once(
                "address of the registry's service",
                String.class,
                () -> StandInService.address(context.session(controlPlane)));
    context
        .journal()
        .block("/etc/hosts", "registry-" + registryHost, List.of(address + " " + registryHost));
  }
}
