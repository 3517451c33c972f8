package cloud.sealer.kubernetes.plugin.run;

import cloud.sealer.kubernetes.plugin.HostSelector;
import cloud.sealer.kubernetes.runtime.Kubectl;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.spi.ClusterPlugin;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.Task;
import java.util.List;

/** A plugin of a type that a provider has. */
final class ProvidedPlugin extends PluginStep {
  private final List<Host> hosts;
  private final ClusterPlugin provider;

  ProvidedPlugin(
      PluginSpec plugin, Phase phase, Host controlPlane, List<Host> hosts, ClusterPlugin provider) {
    super(plugin, phase, controlPlane);
    this.hosts = List.copyOf(hosts);
    this.provider = provider;
  }

  @Override
  public boolean wholeCluster() {
    return true;
  }

  @Override
  void execute(StepContext context) {
    provider.run(new PluginContext(plugin(), phase(), hosts, context));
  }

  private record PluginContext(PluginSpec spec, Phase phase, List<Host> hosts, StepContext step)
      implements ClusterPlugin.Context {
    private Kubectl api() {
      return new Kubectl(step.session());
    }

    @Override
    public String rootfs() {
      return step.paths().rootfs();
    }

    @Override
    public List<Host> select(String on) {
      return HostSelector.select(on, hosts, selector -> api().addressesWithLabels(selector));
    }

    @Override
    public HostSession session(Host host) {
      return step.session(host.address());
    }

    @Override
    public String kubectl(List<String> arguments) {
      return api().run(arguments.toArray(String[]::new));
    }

    @Override
    public Task task() {
      return step.task();
    }
  }
}
