package cloud.sealer.core.build;

import cloud.sealer.core.collection.Collector;
import cloud.sealer.core.collection.LockCheck;
import cloud.sealer.core.discovery.DiscoveryCheck;
import cloud.sealer.core.discovery.DiscoveryCollector;
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
import cloud.sealer.sdk.ImageLock;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
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

/** Builds in this process, without any cluster. */
public final class LiteBuilder implements Builder {
  private final BuildTools tools;

  /** A builder that uses the given parts. */
  public LiteBuilder(BuildTools tools) {
    this.tools = tools;
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
    try (LayerStore.Session session = tools.store().session();
        Instructions instructions = new Instructions(tools, request, session, task)) {
      Base base = instructions.base();
      checkLock(request, base);
      Chain chain = instructions.execute();
      RootfsFiles files = RootfsFiles.read(instructions.files());
      Platform platform = platform(request, base, files);
      DiscoveryCollector.Result discovered = discover(request, instructions, session, task);
      DiscoveryReport report = discovered.report();
      DiscoveryCheck.check(report, request.discovery()).forEach(task::notice);
      Collector.Result collected =
          collect(request, instructions, base, platform, report, session, task);
      chain.addCollected(collected.layers());
      Descriptor image =
          write(
              request,
              chain,
              platform,
              metadata(request, base, files, discovered, collected, instructions),
              session);
      name.ifPresent(reference -> tools.store().putName(tools.names().stored(reference), image));
      Reference reference =
          name.orElseGet(() -> Reference.parse("unnamed").withDigest(image.digest()));
      return new BuildResult(
          new ImageReader(tools.store()).read(reference, image),
          report,
          instructions.executed(),
          instructions.cached(),
          collected.downloadedBytes());
    }
  }

  @Override
  public DiscoveryReport discover(BuildRequest request) {
    try (TaskTree tasks = new TaskTree(request.listener(), tools.clock());
        LayerStore.Session session = tools.store().session();
        Task task = tasks.start(Event.TaskKind.DISCOVERY, request.name(), -1);
        Instructions instructions = Instructions.forDiscovery(tools, request, session, task)) {
      instructions.execute();
      DiscoveryReport report = discover(request, instructions, session, task).report();
      task.done(report.found().size() + " container images");
      return report;
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

  private static void checkLock(BuildRequest request, Base base) {
    if (request.lock().isPresent()
        && base.reference().isPresent()
        && base.digest().isPresent()) {
      LockCheck.base(
          request.lock().get(),
          new ImageLock.Base(base.reference().get(), base.platform()),
          base.digest().get());
    }
  }

  private static Platform platform(BuildRequest request, Base base, RootfsFiles files) {
    if (request.platform().isPresent() || base.reference().isPresent()) {
      return base.platform();
    }
    return files.platform().orElse(base.platform());
  }

  private DiscoveryCollector.Result discover(
      BuildRequest request, Instructions instructions, LayerStore.Session session, Task parent) {
    try (Task task = parent.start(Event.TaskKind.DISCOVERY, "container images", -1)) {
      FileTree files = instructions.files();
      Optional<String> version =
          RootfsFiles.read(files)
              .kubernetesVersion()
              .or(() -> instructions.base().metadata().kubernetesVersion());
      DiscoveryCollector.Result result =
          DiscoveryCollector.discover(
              files,
              new ImageDiscoverer.Surroundings(session.scratch(), version, List.of()),
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
      BuildRequest request,
      Instructions instructions,
      Base base,
      Platform platform,
      DiscoveryReport report,
      LayerStore.Session session,
      Task task) {
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
    return tools
        .collector()
        .collect(
            new Collector.Request(
                report.found(),
                instructions.imageListWithAuth()::credentials,
                platform,
                present,
                presentBlobs,
                request.lock(),
                request.compression(),
                request.sourceDateEpoch()),
            session,
            task);
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
