package cloud.sealer.core.build;

import cloud.sealer.core.collection.Collector;
import cloud.sealer.core.discovery.DiscoveryCheck;
import cloud.sealer.core.event.TaskTree;
import cloud.sealer.core.image.Healing;
import cloud.sealer.core.image.ImageReader;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.Builder;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.util.Optional;
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
    try (LayerStore.Session session = tools.store().session();
        PlatformBuilds builds =
            new PlatformBuilds(tools, request, session, cluster(request, session))) {
      builds.execute(task);
      DiscoveryCheck.check(builds.report(), request.discovery()).forEach(task::notice);
      builds.observe(task);
      DiscoveryReport report = builds.report();
      Collector.Result collected = builds.collect(report, task);
      Descriptor image = builds.write(collected);
      name.ifPresent(reference -> tools.store().putName(tools.names().stored(reference), image));
      Reference reference =
          name.orElseGet(() -> Reference.parse("unnamed").withDigest(image.digest()));
      return new BuildResult(
          new ImageReader(tools.store()).read(reference, image),
          report,
          builds.sum(Instructions::executed),
          builds.sum(Instructions::cached),
          collected.downloadedBytes(),
          collected.missing());
    }
  }

  @Override
  public DiscoveryReport discover(BuildRequest request) {
    try (TaskTree tasks = new TaskTree(request.listener(), tools.clock());
        LayerStore.Session session = tools.store().session();
        Task task = tasks.start(Event.TaskKind.DISCOVERY, request.name(), -1);
        PlatformBuilds builds =
            new PlatformBuilds(tools, request, session, cluster(request, session))) {
      builds.discover(task);
      builds.observe(task);
      DiscoveryReport report = builds.report();
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
}
