package cloud.sealer.kubernetes.cluster;

import cloud.sealer.kubernetes.distribution.Distribute;
import cloud.sealer.kubernetes.kubeadm.KubernetesVersion;
import cloud.sealer.kubernetes.plugin.PluginFiles;
import cloud.sealer.kubernetes.plugin.run.PluginSteps;
import cloud.sealer.kubernetes.preflight.Preflight;
import cloud.sealer.kubernetes.registry.ClusterRegistry;
import cloud.sealer.kubernetes.registry.RegistrySteps;
import cloud.sealer.kubernetes.runtime.ApiEndpoint;
import cloud.sealer.kubernetes.script.ImageCommands;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.SealerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Installs an image without Kubernetes, an application, into the cluster that is there. */
final class ApplicationInstallation {
  private final Situation situation;
  private final ImageContents contents;
  private final List<ImageContents> installed;
  private final Tools tools;
  private final HostView acting;
  private final PluginSteps plugins;

  ApplicationInstallation(
      Situation situation, ImageContents contents, List<ImageContents> installed, Tools tools) {
    this.situation = situation;
    this.contents = contents;
    this.installed = installed;
    this.tools = tools;
    Members members = new Members(situation);
    if (!members.exists() || !members.joining().isEmpty() || !situation.leaving().isEmpty()) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST,
              contents.image().image().reference()
                  + " has no Kubernetes: it needs a cluster that is there, and its hosts as they"
                  + " are")
          .remedy(
              "apply an image with Kubernetes for these hosts first; use the name of its cluster")
          .build();
    }
    acting = members.acting();
    var specs = contents.plugins();
    PluginFiles.check(specs, tools.plugins());
    plugins =
        new PluginSteps(
            specs, tools.plugins(), situation.hosts().stream().map(HostView::host).toList());
  }

  List<Stage> stages() {
    requireVersion();
    ClusterRegistry registry = registry();
    List<Stage> stages = new ArrayList<>();
    List<Distribute> rootfs = rootfs(registry);
    stages.add(new Stage("rootfs", List.copyOf(rootfs)));
    RegistrySteps steps =
        new RegistrySteps(registry, registry.host().paths(), tools.clock(), tools.random());
    stages.addAll(steps.start(situation.hosts(), inside(), fingerprint(rootfs, registry)));
    stages.addAll(steps.standIn(acting, situation.hosts()));
    stages.addAll(plugins.in(Phase.PRE_GUEST, situation.hosts(), acting));
    String edition = contents.image().image().digest().toString();
    for (Step command :
        ImageCommands.steps(acting, contents.metadata(), situation.spec(), edition)) {
      stages.add(new Stage(command.name(), List.of(command)));
    }
    stages.addAll(plugins.in(Phase.POST_INSTALL, situation.hosts(), acting));
    return stages;
  }

  /** The registry is that of the cluster, which serves what all its images brought. */
  private ClusterRegistry registry() {
    List<ImageContents> all = new ArrayList<>(installed);
    all.add(contents);
    return RegistryPlace.of(
        situation, acting, all.get(0).registry(), ImageContents.containerImages(all));
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

  private static String fingerprint(List<Distribute> rootfs, ClusterRegistry registry) {
    return rootfs.stream()
        .filter(step -> step.host().equals(registry.host().host()))
        .findFirst()
        .orElseThrow()
        .fingerprint();
  }

  private List<Distribute> rootfs(ClusterRegistry registry) {
    Map<HostView, Distribute.Part> parts = contents.parts(situation.hosts());
    Set<Platform> platforms = Distribute.platforms(situation.hosts());
    Distribute.Way way = new Distribute.Way(tools.distributors(), situation.spec().distribution());
    return situation.hosts().stream()
        .map(
            view ->
                Distribute.onTop(
                    view,
                    Objects.requireNonNull(parts.get(view)),
                    view.address().equals(registry.host().address()) ? platforms : Set.of(),
                    way))
        .toList();
  }

  private void requireVersion() {
    String constraint = contents.constraint();
    if (constraint.isEmpty()) {
      return;
    }
    KubernetesVersion version =
        Upgrade.kubelet(acting)
            .orElseThrow(
                () ->
                    SealerException.builder(
                            ErrorCode.INVALID_REQUEST,
                            acting.address() + " has no kubelet, though it is a node")
                        .build());
    if (!VersionConstraint.parse(constraint).allows(version)) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST,
              contents.image().image().reference()
                  + " wants Kubernetes "
                  + constraint
                  + ", the cluster has "
                  + version)
          .remedy("upgrade the cluster, or use another version of the application")
          .build();
    }
  }
}
