package cloud.sealer.core.build;

import cloud.sealer.core.collection.Collector;
import cloud.sealer.core.image.ImageWriter;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ClusterInspector;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The builds of one request, one after the other for each of its platforms. Sources are fetched
 * once, and what all platforms need is collected together. Not thread-safe.
 */
final class PlatformBuilds implements AutoCloseable {
  private final BuildTools tools;
  private final BuildRequest request;
  private final LayerStore.Session session;
  private final CopySources sources;
  private final Optional<LiveCluster> cluster;
  private final List<PlatformBuild> builds = new ArrayList<>();
  private Optional<String> registry = Optional.empty();

  /**
   * Builds nothing yet.
   *
   * @param cluster the running cluster to look at, if there is one
   */
  PlatformBuilds(
      BuildTools tools,
      BuildRequest request,
      LayerStore.Session session,
      Optional<LiveCluster> cluster) {
    this.tools = tools;
    this.request = request;
    this.session = session;
    this.cluster = cluster;
    sources = new CopySources(tools, request.context(), session);
  }

  /** Executes the instructions for every platform. */
  void execute(Task task) {
    execute(task, true);
  }

  /** The same for discovery only, which needs the base image only if a command runs on it. */
  void discover(Task task) {
    execute(task, false);
  }

  private void execute(Task task, boolean whole) {
    List<Platform> platforms = request.platforms();
    if (platforms.size() < 2) {
      build(platforms.isEmpty() ? null : platforms.get(0), task, whole);
      return;
    }
    for (Platform platform : platforms) {
      try (Task own = task.start(Event.TaskKind.BUILD, platform.toString(), -1)) {
        build(platform, own, whole);
        own.done("");
      }
    }
  }

  private void build(@Nullable Platform platform, Task task, boolean whole) {
    Instructions instructions =
        whole || cluster.isPresent()
            ? new Instructions(tools, request, platform, sources, session, task, cluster)
            : Instructions.forDiscovery(tools, request, platform, sources, session, task);
    boolean complete = false;
    try {
      builds.add(new PlatformBuild(tools, request, instructions, session, task));
      complete = true;
    } finally {
      if (!complete) {
        instructions.close();
      }
    }
  }

  /**
   * Starts with the cluster what the image is to start with it, and adds what runs then. Without a
   * cluster there is nothing to do.
   */
  void observe(Task task) {
    if (cluster.isPresent()) {
      PlatformBuild build = builds.get(0); // a cluster has one platform: see LiveCluster
      build.instructions().executeCommands();
      ClusterInspector.Observation observation =
          cluster.get().observe(build.instructions().rootfs(), task);
      build.add(observation);
      LiveCluster.tell(build.report(), task);
      registry = observation.registry();
    }
  }

  /** What the files of all platforms name, and what the cluster runs. */
  DiscoveryReport report() {
    return MergedReports.of(builds.stream().map(PlatformBuild::report).toList());
  }

  /** Collects the container images, each for the platforms whose files name it. */
  Collector.Result collect(DiscoveryReport report, Task task) {
    Map<Reference, Set<Platform>> wanted = new TreeMap<>();
    for (PlatformBuild build : builds) {
      for (DiscoveryReport.Found found : build.report().found()) {
        wanted.computeIfAbsent(found.image(), key -> new LinkedHashSet<>()).add(build.platform());
      }
    }
    Collector.Request everything =
        new Collector.Request(
            report.found().stream()
                .map(
                    found ->
                        new Collector.Wanted(found, wanted.getOrDefault(found.image(), Set.of())))
                .toList(),
            builds.stream().map(PlatformBuild::target).toList(),
            this::credentials,
            request.missingPlatforms(),
            request.lock(),
            request.compression(),
            request.sourceDateEpoch(),
            request.signatures());
    return cluster.isPresent()
        ? cluster.get().collect(tools.store(), tools.collector(), registry, everything, task)
        : tools.collector().collect(everything, session, task);
  }

  private Optional<Credentials> credentials(Reference image) {
    return builds.get(0).instructions().imageListWithAuth().credentials(image);
  }

  /** Writes the manifests and their index. */
  Descriptor write(Collector.Result collected) {
    List<Descriptor> manifests = new ArrayList<>();
    Set<Platform> platforms = new LinkedHashSet<>();
    for (PlatformBuild build : builds) {
      if (!platforms.add(build.platform())) {
        throw SealerException.builder(
                ErrorCode.INVALID_KUBEFILE,
                request.kubefile().from().position()
                    + ": the base image is for "
                    + build.platform()
                    + " whatever platform is built for")
            .remedy("write FROM without --platform, or build for one platform")
            .build();
      }
      manifests.add(build.write(collected));
    }
    return ImageWriter.index(session, manifests);
  }

  /** A count over all platforms. */
  int sum(ToIntFunction<Instructions> count) {
    return builds.stream().map(PlatformBuild::instructions).mapToInt(count).sum();
  }

  @Override
  public void close() {
    try {
      builds.forEach(PlatformBuild::close);
    } finally {
      sources.close();
    }
  }
}
