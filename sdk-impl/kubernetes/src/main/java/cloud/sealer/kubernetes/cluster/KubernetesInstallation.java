package cloud.sealer.kubernetes.cluster;

import cloud.sealer.kubernetes.distribution.Distribute;
import cloud.sealer.kubernetes.plugin.PluginFiles;
import cloud.sealer.kubernetes.plugin.run.PluginSteps;
import cloud.sealer.kubernetes.preflight.Preflight;
import cloud.sealer.kubernetes.registry.ClusterRegistry;
import cloud.sealer.kubernetes.registry.RegistrySteps;
import cloud.sealer.kubernetes.runtime.ApiAddress;
import cloud.sealer.kubernetes.runtime.ApiEndpoint;
import cloud.sealer.kubernetes.runtime.AwaitNodes;
import cloud.sealer.kubernetes.runtime.Balancer;
import cloud.sealer.kubernetes.runtime.ClusterConfiguration;
import cloud.sealer.kubernetes.runtime.KubeadmInit;
import cloud.sealer.kubernetes.runtime.KubeadmJoin;
import cloud.sealer.kubernetes.runtime.LoadBalancer;
import cloud.sealer.kubernetes.runtime.LoadBalancerServers;
import cloud.sealer.kubernetes.runtime.RootKubeconfig;
import cloud.sealer.kubernetes.runtime.StaticFiles;
import cloud.sealer.kubernetes.runtime.VirtualServer;
import cloud.sealer.kubernetes.script.ImageCommands;
import cloud.sealer.kubernetes.script.InitScript;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.PluginSpec.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Makes hosts a cluster as a spec and an image of Kubernetes want it. */
final class KubernetesInstallation {
  private final Situation situation;
  private final ImageContents contents;
  private final Tools tools;
  private final Members members;
  private final HostView acting;
  private final PluginSteps plugins;
  private final RegistrySteps registry;
  private final ClusterConfiguration configuration;
  private final Map<HostView, Balancer.Choice> balancers = new LinkedHashMap<>();
  private final boolean dns;
  private final List<Distribute> rootfs;

  KubernetesInstallation(
      Situation situation, ImageContents contents, List<ImageContents> applications, Tools tools) {
    this.situation = situation;
    this.contents = contents;
    this.tools = tools;
    members = new Members(situation);
    members.requireRoles();
    acting = members.acting();
    var specs = contents.plugins();
    PluginFiles.check(specs, tools.plugins());
    plugins =
        new PluginSteps(
            specs, tools.plugins(), situation.hosts().stream().map(HostView::host).toList());
    List<ContainerImage> images = contents.metadata().containerImages();
    List<ImageContents> all = new ArrayList<>(List.of(contents));
    all.addAll(applications);
    ClusterRegistry place =
        RegistryPlace.of(
            situation, acting, contents.registry(), ImageContents.containerImages(all));
    registry = new RegistrySteps(place, place.host().paths(), tools.clock(), tools.random());
    dns = images.stream().anyMatch(KubernetesInstallation::isDns);
    configuration =
        new ClusterConfiguration(
            contents.version(),
            situation.controlPlanes(),
            situation.spec().kubeadm(),
            contents.registry().authority(),
            dns,
            contents.text(StaticFiles.SOURCE).orElse(""),
            tools.clock(),
            tools.random());
    for (HostView worker : situation.workers()) {
      Balancer.choose(images, contents.registry().authority(), worker)
          .ifPresent(choice -> balancers.put(worker, choice));
    }
    rootfs = rootfs(place, applications);
  }

  private static boolean isDns(ContainerImage image) {
    return image.reference().repository().matches("(?:.*/)?coredns");
  }

  private List<Distribute> rootfs(ClusterRegistry place, List<ImageContents> applications) {
    Map<HostView, Distribute.Part> own = contents.parts(situation.hosts());
    List<HostView> without =
        situation.hosts().stream().filter(view -> view.record().applications().isEmpty()).toList();
    List<Map<HostView, Distribute.Part>> more =
        applications.stream().map(application -> application.parts(without)).toList();
    Set<Platform> platforms = Distribute.platforms(situation.hosts());
    Distribute.Way way = new Distribute.Way(tools.distributors(), situation.spec().distribution());
    return situation.hosts().stream()
        .map(
            view ->
                Distribute.of(
                    view,
                    Objects.requireNonNull(own.get(view)),
                    more.stream().flatMap(parts -> Stream.ofNullable(parts.get(view))).toList(),
                    view.address().equals(place.host().address()) ? platforms : Set.of(),
                    way))
        .toList();
  }

  List<Stage> stages() {
    List<HostView> hosts = situation.hosts();
    List<HostView> joining = members.joining();
    List<Stage> stages = new ArrayList<>();

    stages.addAll(plugins.in(Phase.ORIGINALLY, hosts, acting));
    stages.add(new Stage("rootfs", List.copyOf(rootfs)));
    stages.add(onEach("init.sh", hosts, view -> new InitScript(view, contents.registry())));
    stages.addAll(plugins.in(Phase.PRE_INIT, hosts, acting));
    stages.addAll(plugins.in(Phase.PRE_INSTALL, hosts, acting));
    stages.addAll(registry.start(hosts, inside(), registryRootfs()));
    stages.addAll(new Upgrade(situation, acting, contents.version(), dns).stages());
    stages.add(onEach("address of the API server", hosts, this::apiAddress));
    stages.addAll(virtualServers());
    stages.addAll(staticFiles());
    stages.addAll(plugins.in(Phase.PRE_JOIN, joining, acting));
    stages.addAll(controlPlanes());
    stages.add(onEach("join workers", situation.workers(), this::join));
    stages.add(
        onEach(
            "kubeconfig of root",
            situation.controlPlanes(),
            view -> new RootKubeconfig(view.host(), contents.version())));
    stages.addAll(loadBalancers());
    stages.addAll(registry.standIn(acting, hosts));
    stages.addAll(plugins.in(Phase.POST_JOIN, joining, acting));
    if (!situation.leaving().isEmpty() || !situation.lost().isEmpty()) {
      stages.addAll(new Removal(situation, tools.plugins()).leave());
    }
    stages.addAll(guest());
    stages.add(new Stage("nodes", List.of(new AwaitNodes(acting.host(), addresses()))));
    return stages;
  }

  /** What belongs to the cluster as a whole, and not to a host that joins it. */
  private List<Stage> guest() {
    List<HostView> first =
        situation.hosts().stream().filter(view -> !members.joining().contains(view)).toList();
    List<Stage> stages = new ArrayList<>();
    stages.addAll(plugins.in(Phase.PRE_GUEST, first, acting));
    for (Step command :
        ImageCommands.steps(acting, contents.metadata(), situation.spec(), /* edition= */ "")) {
      stages.add(new Stage(command.name(), List.of(command)));
    }
    stages.addAll(plugins.in(Phase.POST_INSTALL, first, acting));
    return stages;
  }

  private List<Stage> controlPlanes() {
    List<Stage> stages = new ArrayList<>();
    for (HostView view : situation.controlPlanes()) {
      Step step = members.initial(view) ? new KubeadmInit(view, configuration) : join(view);
      stages.add(new Stage(step.name() + " " + view.address(), List.of(step)));
    }
    return stages;
  }

  private Step join(HostView view) {
    return new KubeadmJoin(view, acting.address(), configuration, spared(view));
  }

  /** What is done on a host when its cluster is made, and not if it joins one that is there. */
  private List<Step> spared(HostView view) {
    return members.joining().contains(view)
        ? Stream.of(Phase.PRE_GUEST, Phase.POST_INSTALL)
            .flatMap(phase -> plugins.in(phase, List.of(view), acting).stream())
            .flatMap(stage -> stage.steps().stream())
            .filter(step -> !step.wholeCluster() && step.host().equals(view.host()))
            .toList()
        : List.of();
  }

  private Step apiAddress(HostView view) {
    Balancer.Choice choice = balancers.get(view);
    return new ApiAddress(view, choice == null ? "" : choice.address(), situation.controlPlanes());
  }

  private List<Stage> staticFiles() {
    return contents
        .text(StaticFiles.SOURCE)
        .map(
            policy ->
                List.of(
                    onEach(
                        "audit policy",
                        situation.controlPlanes(),
                        view -> new StaticFiles(view.host(), policy))))
        .orElse(List.of());
  }

  private List<Stage> virtualServers() {
    List<Step> steps = new ArrayList<>();
    balancers.forEach(
        (view, choice) -> {
          if (choice.balancer() == Balancer.LVSCARE) {
            steps.add(new VirtualServer(view, choice.image(), situation.controlPlanes()));
          }
        });
    return steps.isEmpty() ? List.of() : List.of(new Stage("virtual addresses", steps));
  }

  private List<Stage> loadBalancers() {
    if (balancers.isEmpty()) {
      return List.of();
    }
    List<HostView> controlPlanes = situation.controlPlanes();
    List<Step> pods = new ArrayList<>();
    List<Step> servers = new ArrayList<>();
    balancers.forEach(
        (view, choice) -> {
          pods.add(new LoadBalancer(view, choice, controlPlanes));
          servers.add(new LoadBalancerServers(view, controlPlanes));
        });
    return List.of(
        new Stage(LoadBalancer.NAME, pods), new Stage("servers of load balancers", servers));
  }

  private String registryRootfs() {
    return rootfs.stream()
        .filter(step -> step.host().equals(registry.registry().host().host()))
        .findFirst()
        .orElseThrow()
        .fingerprint();
  }

  /** What is asked for without a proxy: all hosts, and what runs on them. */
  private List<String> inside() {
    List<String> inside = new ArrayList<>(addresses());
    inside.addAll(Preflight.networks(situation));
    return inside;
  }

  private List<String> addresses() {
    return situation.hosts().stream().map(ApiEndpoint::address).toList();
  }

  private static Stage onEach(
      String name, List<HostView> hosts, Function<HostView, ? extends Step> step) {
    return new Stage(name, hosts.stream().<Step>map(step).toList());
  }
}
