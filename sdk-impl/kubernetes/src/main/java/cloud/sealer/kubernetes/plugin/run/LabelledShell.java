package cloud.sealer.kubernetes.plugin.run;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.plugin.HostSelector;
import cloud.sealer.kubernetes.runtime.Kubectl;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import java.util.List;

/** A script on the hosts whose nodes have some labels, which only the API server knows. */
final class LabelledShell extends PluginStep {
  private final List<Host> hosts;

  LabelledShell(PluginSpec plugin, Phase phase, Host controlPlane, List<Host> hosts) {
    super(plugin, phase, controlPlane);
    this.hosts = List.copyOf(hosts);
  }

  @Override
  public boolean wholeCluster() {
    return true;
  }

  @Override
  void execute(StepContext context) {
    Kubectl kubectl = new Kubectl(context.session());
    List<Host> selected = HostSelector.select(plugin().on(), hosts, kubectl::addressesWithLabels);
    for (Host host : selected) {
      Commands.exec(
          context.session(host.address()),
          ShellPlugin.command(plugin(), phase(), host, context.paths()),
          line -> context.task().output(host.address() + ": " + line));
    }
  }
}
