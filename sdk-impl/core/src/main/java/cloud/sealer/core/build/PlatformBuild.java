package cloud.sealer.core.build;

import cloud.sealer.core.collection.Collector;
import cloud.sealer.core.collection.LockCheck;
import cloud.sealer.core.discovery.ApiVersions;
import cloud.sealer.core.discovery.DiscoveryCollector;
import cloud.sealer.core.discovery.KubernetesRanges;
import cloud.sealer.core.discovery.RunningImages;
import cloud.sealer.core.image.Annotations;
import cloud.sealer.core.image.ImageWriter;
import cloud.sealer.core.layer.WrittenLayer;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.ImageLock;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.spi.ClusterInspector;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A build for one platform: its instructions, what their files name, and its manifest. Not
 * thread-safe.
 */
final class PlatformBuild implements AutoCloseable {
  private final BuildTools tools;
  private final BuildRequest request;
  private final LayerStore.Session session;
  private final Instructions instructions;
  private final Chain chain;
  private final RootfsFiles files;
  private final Platform platform;
  private final DiscoveryCollector.Result discovered;
  private DiscoveryReport report;

  /**
   * Executes the instructions, and looks for container images.
   *
   * @param instructions the instructions, which belong to this build then
   * @param task where to report
   */
  PlatformBuild(
      BuildTools tools,
      BuildRequest request,
      Instructions instructions,
      LayerStore.Session session,
      Task task) {
    this.tools = tools;
    this.request = request;
    this.session = session;
    this.instructions = instructions;
    checkLock(instructions.base());
    chain = instructions.execute();
    files = RootfsFiles.read(instructions.files());
    platform = platform(instructions.base());
    discovered = discover(task);
    report = discovered.report();
  }

  private void checkLock(Base base) {
    if (request.lock().isPresent() && base.reference().isPresent() && base.digest().isPresent()) {
      LockCheck.base(
          request.lock().get(),
          new ImageLock.Base(base.reference().get(), base.platform()),
          base.digest().get());
    }
  }

  private Platform platform(Base base) {
    if (!request.platforms().isEmpty() || base.reference().isPresent()) {
      return base.platform();
    }
    return files.platform().orElse(base.platform());
  }

  private DiscoveryCollector.Result discover(Task parent) {
    try (Task task = parent.start(Event.TaskKind.DISCOVERY, "container images", -1)) {
      FileTree tree = instructions.files();
      Optional<String> version =
          files.kubernetesVersion().or(() -> instructions.base().metadata().kubernetesVersion());
      List<ImageDiscoverer> discoverers = new ArrayList<>(tools.discoverers());
      discoverers.add(instructions.imageListWithAuth());
      DiscoveryCollector.Result result =
          DiscoveryCollector.discover(
              tree,
              new ImageDiscoverer.Surroundings(
                  session.scratch(),
                  version,
                  ApiVersions.askedFor(tree, () -> instructions.all(ApiVersions::isWanted))),
              discoverers,
              request.discovery(),
              task::notice);
      task.done(result.report().found().size() + " container images");
      return result;
    }
  }

  Platform platform() {
    return platform;
  }

  DiscoveryReport report() {
    return report;
  }

  /** Adds what a running cluster runs. */
  void add(ClusterInspector.Observation observation) {
    report =
        RunningImages.merge(
            report,
            observation,
            instructions.base().metadata().containerImages(),
            request.discovery());
  }

  Instructions instructions() {
    return instructions;
  }

  /** What it has before container images are collected. */
  Collector.Target target() {
    Base base = instructions.base();
    if (!request.includeBase()) {
      return new Collector.Target(platform, List.of(), Set.of());
    }
    Set<Digest> blobs =
        base.layers().stream()
            .map(layer -> layer.annotations().get(Annotations.BLOB))
            .filter(blob -> blob != null)
            .map(Digest::parse)
            .collect(Collectors.toSet());
    return new Collector.Target(platform, base.metadata().containerImages(), blobs);
  }

  /** Writes configuration and manifest with what was collected. */
  Descriptor write(Collector.Result collected) {
    chain.addCollected(collected.layers().getOrDefault(platform, List.of()));
    List<WrittenLayer> layers = chain.image(request.includeBase());
    return ImageWriter.manifest(
        session,
        new ImageWriter.Content(
            platform,
            layers.stream().map(WrittenLayer::descriptor).toList(),
            layers.stream().map(WrittenLayer::diffId).toList(),
            chain.history(request.includeBase()),
            metadata(collected.images().getOrDefault(platform, List.of())),
            Instant.ofEpochSecond(request.sourceDateEpoch())));
  }

  private ClusterImage.Metadata metadata(List<ContainerImage> collected) {
    Base base = instructions.base();
    ClusterImage.Metadata inherited = base.metadata();
    Map<Reference, ContainerImage> images = new TreeMap<>();
    if (request.includeBase()) {
      inherited.containerImages().forEach(image -> images.put(image.reference(), image));
    }
    collected.forEach(image -> images.put(image.reference(), image));
    List<String> commands =
        new ArrayList<>(request.includeBase() ? inherited.commands() : List.of());
    commands.addAll(instructions.commands());
    Map<String, String> args = new TreeMap<>(inherited.args());
    args.putAll(instructions.args());
    return ClusterImage.Metadata.builder()
        .created(Instant.ofEpochSecond(request.sourceDateEpoch()))
        .base(base.reference().map(Reference::toString).orElse(null), base.digest().orElse(null))
        .args(args)
        .commands(commands)
        .kubernetesVersion(files.kubernetesVersion().or(inherited::kubernetesVersion).orElse(null))
        .kubernetesRange(kubernetesRange(inherited).orElse(null))
        .containerImages(List.copyOf(images.values()))
        .clusterfile(files.clusterfile().or(inherited::clusterfile).orElse(null))
        .build();
  }

  /** What the charts of the base and the new ones can all run on. */
  private Optional<String> kubernetesRange(ClusterImage.Metadata inherited) {
    return KubernetesRanges.join(
        Stream.of(inherited.kubernetesRange(), discovered.kubernetesRange())
            .flatMap(Optional::stream)
            .toList());
  }

  @Override
  public void close() {
    instructions.close();
  }
}
