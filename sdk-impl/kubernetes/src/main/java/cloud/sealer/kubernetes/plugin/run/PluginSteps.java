package cloud.sealer.kubernetes.plugin.run;

import cloud.sealer.kubernetes.plugin.HostSelector;
import cloud.sealer.kubernetes.plugin.Hostnames;
import cloud.sealer.kubernetes.plugin.PluginType;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ClusterPlugin;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The plugins of a run, as steps. Immutable. */
public final class PluginSteps {
  private final List<PluginSpec> plugins;
  private final List<ClusterPlugin> providers;
  private final List<Host> all;

  /**
   * Plugins of a run.
   *
   * @param plugins in their order
   * @param providers what is there for types that are not built in
   * @param all the hosts that plugins may select
   */
  public PluginSteps(List<PluginSpec> plugins, List<ClusterPlugin> providers, List<Host> all) {
    this.plugins = List.copyOf(plugins);
    this.providers = List.copyOf(providers);
    this.all = List.copyOf(all);
  }

  /**
   * What is done in a phase, one plugin after the other.
   *
   * @param phase the phase
   * @param hosts the hosts it is about, of which plugins select; the others are left alone
   * @param controlPlane where the API server is asked
   */
  public List<Stage> in(Phase phase, List<HostView> hosts, HostView controlPlane) {
    List<Stage> stages = new ArrayList<>();
    if (hosts.isEmpty()) {
      return stages;
    }
    for (PluginSpec plugin : plugins) {
      if (plugin.phases().contains(phase)) {
        List<Step> steps = steps(plugin, phase, hosts, controlPlane.host());
        if (!steps.isEmpty()) {
          stages.add(new Stage("plugin " + plugin.name(), steps));
        }
      }
    }
    return stages;
  }

  private List<Step> steps(
      PluginSpec plugin, Phase phase, List<HostView> hosts, Host controlPlane) {
    @Nullable PluginType type = PluginType.of(plugin.type()).orElse(null);
    if (type == null) {
      List<Host> some = hosts.stream().map(HostView::host).toList();
      return List.of(new ProvidedPlugin(plugin, phase, controlPlane, some, provider(plugin)));
    }
    return switch (type) {
      case SHELL -> shell(plugin, phase, hosts, controlPlane);
      case HOSTNAME -> hostnames(plugin, phase, hosts);
      case LABEL, TAINT -> List.of(new NodeChange(plugin, phase, controlPlane));
      case ETCD -> List.of(new EtcdBackup(plugin, phase, controlPlane));
      case CLUSTERCHECK -> List.of(new ClusterCheck(plugin, phase, controlPlane));
    };
  }

  private List<Step> shell(
      PluginSpec plugin, Phase phase, List<HostView> hosts, Host controlPlane) {
    List<Host> some = hosts.stream().map(HostView::host).toList();
    if (HostSelector.byLabels(plugin.on())) {
      return List.of(new LabelledShell(plugin, phase, controlPlane, some));
    }
    List<Step> steps = new ArrayList<>();
    for (Host host : HostSelector.select(plugin.on(), all, selector -> List.of())) {
      if (some.contains(host)) {
        steps.add(new ShellPlugin(plugin, phase, host));
      }
    }
    return steps;
  }

  private static List<Step> hostnames(PluginSpec plugin, Phase phase, List<HostView> hosts) {
    Hostnames names = Hostnames.of(plugin);
    List<Step> steps = new ArrayList<>();
    for (HostView view : hosts) {
      names
          .nameOf(view.host())
          .ifPresent(name -> steps.add(new HostnamePlugin(plugin, phase, view.host(), name)));
    }
    return steps;
  }

  private ClusterPlugin provider(PluginSpec plugin) {
    return providers.stream()
        .filter(provider -> provider.type().equalsIgnoreCase(plugin.type()))
        .findFirst()
        .orElseThrow(
            () ->
                SealerException.builder(
                        ErrorCode.PROVIDER_MISSING,
                        "plugin "
                            + plugin.name()
                            + ": no plugin of type "
                            + plugin.type()
                            + " is there")
                    .remedy("add the artifact that provides it to the class path")
                    .build());
  }
}
