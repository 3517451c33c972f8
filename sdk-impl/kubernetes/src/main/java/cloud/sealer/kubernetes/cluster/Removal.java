package cloud.sealer.kubernetes.cluster;

import cloud.sealer.kubernetes.distribution.Distribute;
import cloud.sealer.kubernetes.flow.UndoAll;
import cloud.sealer.kubernetes.plugin.run.PluginSteps;
import cloud.sealer.kubernetes.plugin.run.RootfsPlugins;
import cloud.sealer.kubernetes.runtime.ApiAddress;
import cloud.sealer.kubernetes.runtime.ApiEndpoint;
import cloud.sealer.kubernetes.runtime.Balancer;
import cloud.sealer.kubernetes.runtime.Drain;
import cloud.sealer.kubernetes.runtime.ForgetNode;
import cloud.sealer.kubernetes.runtime.LoadBalancer;
import cloud.sealer.kubernetes.runtime.LoadBalancerServers;
import cloud.sealer.kubernetes.runtime.Reset;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.spi.ClusterPlugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Takes hosts out of a cluster, or all of them. Needs no image. */
final class Removal {
  private final Situation situation;
  private final PluginSteps plugins;
  private final List<Host> all = new ArrayList<>();

  Removal(Situation situation, List<ClusterPlugin> providers) {
    this.situation = situation;
    situation.hosts().forEach(view -> all.add(view.host()));
    situation.leaving().forEach(view -> all.add(view.host()));
    plugins = new PluginSteps(situation.spec().plugins(), providers, all);
  }

  /** The whole cluster, also one whose API server never answered. */
  List<Stage> ofCluster() {
    List<HostView> hosts = situation.leaving();
    if (hosts.isEmpty()) {
      return List.of();
    }
    HostView acting =
        hosts.stream().filter(view -> view.host().controlPlane()).findFirst().orElse(hosts.get(0));
    List<Stage> stages = new ArrayList<>();
    stages.addAll(plugins(Phase.PRE_CLEAN, hosts, acting));
    stages.addAll(clean(hosts, acting));
    return stages;
  }

  private List<Stage> plugins(Phase phase, List<HostView> hosts, HostView acting) {
    Set<String> ofSpec =
        situation.spec().plugins().stream().map(PluginSpec::name).collect(Collectors.toSet());
    List<Stage> stages = new ArrayList<>();
    stages.add(
        new Stage(
            "plugins of the image",
            hosts.stream()
                .filter(view -> view.record().holds(Distribute.NAME))
                .<Step>map(view -> new RootfsPlugins(view.host(), phase, all, ofSpec))
                .toList()));
    stages.addAll(plugins.in(phase, hosts, acting));
    return stages;
  }

  /** Some hosts, while the others stay a cluster. */
  List<Stage> ofHosts() {
    RegistryPlace.requireStaying(situation);
    List<Stage> stages = new ArrayList<>();
    List<Step> addresses = new ArrayList<>();
    for (HostView view : situation.hosts()) {
      boolean balanced = view.record().holds(LoadBalancer.NAME);
      addresses.add(new ApiAddress(view, Balancer.addressOf(view), situation.controlPlanes()));
      if (balanced) {
        addresses.add(new LoadBalancerServers(view, situation.controlPlanes()));
      }
    }
    stages.add(new Stage("addresses of the API server", addresses));
    stages.addAll(leave());
    return stages;
  }

  /** The leaving hosts, when nobody counts on them any more. */
  List<Stage> leave() {
    HostView acting = new Members(situation).acting();
    List<HostView> leaving = situation.leaving();
    List<Stage> stages = new ArrayList<>();
    stages.addAll(plugins(Phase.PRE_CLEAN, leaving, acting));
    for (HostView view : leaving) {
      String address = ApiEndpoint.address(view);
      stages.add(new Stage("drain " + address, List.of(new Drain(acting.host(), address))));
      stages.add(
          new Stage(
              "remove node " + address,
              List.of(new ForgetNode(acting.host(), address, view.record()))));
    }
    for (Host host : situation.lost()) {
      String address = host.address().host();
      stages.add(
          new Stage("remove node " + address, List.of(new ForgetNode(acting.host(), address))));
    }
    stages.addAll(clean(leaving, acting));
    return stages;
  }

  private List<Stage> clean(List<HostView> hosts, HostView acting) {
    List<Stage> stages = new ArrayList<>();
    stages.add(
        new Stage(
            "take Kubernetes off",
            hosts.stream().<Step>map(view -> new Reset(view.host())).toList()));
    stages.addAll(plugins(Phase.POST_CLEAN, hosts, acting));
    stages.add(
        new Stage("undo", hosts.stream().<Step>map(view -> new UndoAll(view.host())).toList()));
    return stages;
  }
}
