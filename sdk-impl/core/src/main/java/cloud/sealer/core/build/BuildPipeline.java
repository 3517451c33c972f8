package cloud.sealer.core.build;

import cloud.sealer.core.collection.Collector;
import cloud.sealer.core.discovery.DiscoveryCheck;
import cloud.sealer.core.discovery.DiscoveryCollector;
import cloud.sealer.core.discovery.RunningImages;
import cloud.sealer.core.event.TaskTree;
import cloud.sealer.core.image.Annotations;
import cloud.sealer.core.image.Healing;
import cloud.sealer.core.image.ImageReader;
import cloud.sealer.core.image.ImageWriter;
import cloud.sealer.core.layer.WrittenLayer;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.Builder;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
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
import org.jspecify.annotations.Nullable;

/**
 * Builds in this process: without any cluster (lite), or beside a running one (local), against
 * which the commands of the Kubefile are executed, and whose images are collected too.
 */
public final class BuildPipeline implements Builder {
  private final BuildTools tools;
  private final @Nullable ClusterTools clusterTools;

  /** A lite builder that uses the given parts. */
  public BuildPipeline(BuildTools tools) {
    this(tools, null);
  }

  /** A local builder that uses the given parts. */
  public BuildPipeline(BuildTools tools, @Nullable ClusterTools clusterTools) {
    this.tools = tools;
    this.clusterTools = clusterTools;
  }

  private Optional<LiveCluster> cluster(BuildRequest request, LayerStore.Session session) {
    return clusterTools == null ? Optional.empty() : LiveCluster.of(clusterTools, request, session);
  }

  @Override
  public BuildResult build(BuildRequest request) {
    Optional<Reference> name = name(request);
    try (TaskTree tasks = new TaskTree(request.listener(), tools.clock());
        Task task = tasks.start(Event.TaskKind.BUILD, request.name(), -1)) {
      BuildResult result = Healing.run(task, () -> build(request, name, task));
      task.done(result.image().digest().toString());
      return result;
    }
  }

  private BuildResult build(BuildRequest request, Optional<Reference> name, Task task) {
    try (LayerStore.Session session = tools.store().session()) {
      Optional<LiveCluster> cluster = cluster(request, session);
      try (Instructions instructions = new Instructions(tools, request, session, task, cluster)) {
        return build(request, name, new Stage(session, cluster, instructions, task));
      }
    }
  }

  /**
   * What the steps of one build share.
   *
   * @param session keeps what the build has written
   * @param cluster the cluster it looks at, if it does
   * @param instructions its instructions
   * @param task where to report
   */
  private record Stage(
      LayerStore.Session session,
      Optional<LiveCluster> cluster,
      Instructions instructions,
      Task task) {}

  private BuildResult build(BuildRequest request, Optional<Reference> name, Stage stage) {
    Instructions instructions = stage.instructions();
    Base base = instructions.base();
    Chain chain = instructions.execute();
    RootfsFiles files = RootfsFiles.read(instructions.files());
    Platform platform = platform(request, base, files);
    DiscoveryCollector.Result discovered = discover(request, stage);
    DiscoveryCheck.check(discovered.report(), request.discovery()).forEach(stage.task()::notice);
    Seen seen = look(request, discovered.report(), stage);
    Collector.Result collected = collect(request, base, platform, seen, stage);
    chain.addCollected(collected.layers());
    Descriptor image =
        write(
            request,
            chain,
            platform,
            metadata(request, base, files, discovered, collected, instructions),
            stage.session());
    name.ifPresent(reference -> tools.store().putName(tools.names().stored(reference), image));
    Reference reference =
        name.orElseGet(() -> Reference.parse("unnamed").withDigest(image.digest()));
    return new BuildResult(
        new ImageReader(tools.store()).read(reference, image),
        seen.report(),
        instructions.executed(),
        instructions.cached(),
        collected.downloadedBytes());
  }

  /**
   * What there is to collect.
   *
   * @param report the images
   * @param registry the registry of the cluster, to be asked first
   */
  private record Seen(DiscoveryReport report, Optional<String> registry) {}

  /** Starts with the cluster what the image is to start with it, and looks at what runs then. */
  private static Seen look(BuildRequest request, DiscoveryReport files, Stage stage) {
    Instructions instructions = stage.instructions();
    if (stage.cluster().isEmpty()) {
      return new Seen(files, Optional.empty());
    }
    instructions.executeCommands();
    ClusterInspector.Observation observation =
        stage.cluster().get().observe(instructions.rootfs(), stage.task());
    DiscoveryReport all =
        RunningImages.merge(
            files,
            observation,
            instructions.base().metadata().containerImages(),
            request.discovery());
    LiveCluster.tell(all, stage.task());
    return new Seen(all, observation.registry());
  }

  @Override
  public DiscoveryReport discover(BuildRequest request) {
    try (TaskTree tasks = new TaskTree(request.listener(), tools.clock());
        LayerStore.Session session = tools.store().session();
        Task task = tasks.start(Event.TaskKind.DISCOVERY, request.name(), -1)) {
      Optional<LiveCluster> cluster = cluster(request, session);
      try (Instructions instructions =
          cluster.isPresent()
              ? new Instructions(tools, request, session, task, cluster)
              : Instructions.forDiscovery(tools, request, session, task)) {
        instructions.execute();
        Stage stage = new Stage(session, cluster, instructions, task);
        DiscoveryReport report = look(request, discover(request, stage).report(), stage).report();
        task.done(report.found().size() + " container images");
        return report;
      }
    }
  }

  private Optional<Reference> name(BuildRequest request) {
    if (request.name().isEmpty()) {
      return Optional.empty();
    }
    Reference reference = tools.names().parse(request.name());
    if (reference.digest().isPresent()) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST,
              "\"" + request.name() + "\" has a digest, which no new image can be given")
          .remedy("give a repository and a tag")
          .build();
    }
    return Optional.of(reference);
  }

  private static Platform platform(BuildRequest request, Base base, RootfsFiles files) {
    if (request.platform().isPresent() || base.reference().isPresent()) {
      return base.platform();
    }
    return files.platform().orElse(base.platform());
  }

  private DiscoveryCollector.Result discover(BuildRequest request, Stage stage) {
    Instructions instructions = stage.instructions();
    try (Task task = stage.task().start(Event.TaskKind.DISCOVERY, "container images", -1)) {
      FileTree files = instructions.files();
      Optional<String> version =
          RootfsFiles.read(files)
              .kubernetesVersion()
              .or(() -> instructions.base().metadata().kubernetesVersion());
      DiscoveryCollector.Result result =
          DiscoveryCollector.discover(
              files,
              new ImageDiscoverer.Surroundings(stage.session().scratch(), version, List.of()),
              discoverers(instructions),
              request.discovery(),
              task::notice);
      task.done(result.report().found().size() + " container images");
      return result;
    }
  }

  private List<ImageDiscoverer> discoverers(Instructions instructions) {
    List<ImageDiscoverer> all = new ArrayList<>(tools.discoverers());
    all.add(instructions.imageListWithAuth());
    return all;
  }

  private Collector.Result collect(
      BuildRequest request, Base base, Platform platform, Seen seen, Stage stage) {
    List<ContainerImage> present =
        request.includeBase() ? base.metadata().containerImages() : List.of();
    Set<Digest> presentBlobs =
        request.includeBase()
            ? base.layers().stream()
                .map(layer -> layer.annotations().get(Annotations.BLOB))
                .filter(blob -> blob != null)
                .map(Digest::parse)
                .collect(Collectors.toSet())
            : Set.of();
    Collector.Request wanted =
        new Collector.Request(
            seen.report().found(),
            stage.instructions().imageListWithAuth()::credentials,
            platform,
            present,
            presentBlobs,
            request.compression(),
            request.sourceDateEpoch());
    return stage.cluster().isPresent()
        ? stage
            .cluster()
            .get()
            .collect(tools.store(), tools.collector(), seen.registry(), wanted, stage.task())
        : tools.collector().collect(wanted, stage.session(), stage.task());
  }

  private static ClusterImage.Metadata metadata(
      BuildRequest request,
      Base base,
      RootfsFiles files,
      DiscoveryCollector.Result discovered,
      Collector.Result collected,
      Instructions instructions) {
    ClusterImage.Metadata inherited = base.metadata();
    Map<Reference, ContainerImage> images = new TreeMap<>();
    if (request.includeBase()) {
      inherited.containerImages().forEach(image -> images.put(image.reference(), image));
    }
    collected.images().forEach(image -> images.put(image.reference(), image));
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
        .kubernetesRange(discovered.kubernetesRange().or(inherited::kubernetesRange).orElse(null))
        .containerImages(List.copyOf(images.values()))
        .clusterfile(files.clusterfile().or(inherited::clusterfile).orElse(null))
        .build();
  }

  private static Descriptor write(
      BuildRequest request,
      Chain chain,
      Platform platform,
      ClusterImage.Metadata metadata,
      LayerStore.Session session) {
    List<WrittenLayer> layers = chain.image(request.includeBase());
    return ImageWriter.write(
        session,
        new ImageWriter.Content(
            platform,
            layers.stream().map(WrittenLayer::descriptor).toList(),
            layers.stream().map(WrittenLayer::diffId).toList(),
            chain.history(request.includeBase()),
            metadata,
            Instant.ofEpochSecond(request.sourceDateEpoch())));
  }
}
