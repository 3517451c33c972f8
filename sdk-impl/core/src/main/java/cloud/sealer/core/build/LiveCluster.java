package cloud.sealer.core.build;

import cloud.sealer.core.collection.Collector;
import cloud.sealer.core.host.LocalHostConnector;
import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterAccess;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ClusterInspector;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The running cluster that one build looks at: what commands need to reach it, what it runs, and
 * its registry as the first place to get images from.
 */
final class LiveCluster {
  /** Where hosts of a cluster keep the certificates of its registry. */
  private static final Path CERTIFICATES = Path.of("/etc/docker/certs.d");

  private static final String SYSTEM_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final ClusterTools tools;
  private final ClusterAccess access;
  private final Path kubeconfig;
  private final LayerStore.Session session;

  private LiveCluster(
      ClusterTools tools, ClusterAccess access, Path kubeconfig, LayerStore.Session session) {
    this.tools = tools;
    this.access = access;
    this.kubeconfig = kubeconfig;
    this.session = session;
  }

  /**
   * The cluster of a request.
   *
   * @return the cluster; empty if the request has none, which an image from scratch need not
   */
  static Optional<LiveCluster> of(
      ClusterTools tools, BuildRequest request, LayerStore.Session session) {
    Optional<Path> kubeconfig = request.cluster().kubeconfig();
    if (kubeconfig.isEmpty()) {
      if (request.kubefile().from().image().equals(BaseImages.SCRATCH)) {
        return Optional.empty();
      }
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST,
              "a local build on a base image looks at a running cluster, but no kubeconfig is"
                  + " given")
          .remedy("give one (--kubeconfig), or build in lite mode")
          .build();
    }
    if (request.platforms().size() > 1) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST,
              "a local build looks at one cluster, so it builds for one platform, not for "
                  + request.platforms())
          .remedy("build for one platform, or in lite mode")
          .build();
    }
    Path file = kubeconfig.get().toAbsolutePath();
    if (!Files.isReadable(file)) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST, "the kubeconfig " + file + " cannot be read")
          .remedy("give the kubeconfig of a running cluster that this user may read")
          .build();
    }
    return Optional.of(new LiveCluster(tools, request.cluster(), file, session));
  }

  /** The variables that tell commands which cluster to talk to. */
  Map<String, String> environment() {
    return Map.of("KUBECONFIG", access.context().map(this::withContext).orElse("") + kubeconfig);
  }

  /** Kubectl takes the current context from the first file that names one. */
  private String withContext(String context) {
    Path file = session.scratch().resolve("context.kubeconfig");
    try {
      Files.writeString(
          file,
          "apiVersion: v1\nkind: Config\ncurrent-context: '" + context.replace("'", "''") + "'\n");
    } catch (IOException e) {
      throw StoreFailure.of("write", file, e);
    }
    return file + File.pathSeparator;
  }

  /** Waits for the workloads, and asks what runs. */
  ClusterInspector.Observation observe(Optional<Path> rootfs, Task task) {
    Map<String, String> environment = new TreeMap<>(environment());
    rootfs.ifPresent(
        path -> environment.put("PATH", path.toAbsolutePath().resolve("bin") + ":" + SYSTEM_PATH));
    Host here = Host.at(HostAddress.parse("localhost"));
    try (LocalHostConnector connector = LocalHostConnector.unprivileged();
        HostSession local = connector.connect(here, task)) {
      return tools
          .inspector()
          .observe(
              local,
              new ClusterInspector.Request(
                  environment, access.settleTimeout(), access.quietPeriod()),
              task);
    }
  }

  /** Collects with the registry of the cluster as the first place to look. */
  Collector.Result collect(
      LayerStore store,
      Collector usual,
      Optional<String> registry,
      Collector.Request request,
      Task task) {
    if (registry.isEmpty() || tools.clients().isEmpty() || request.images().isEmpty()) {
      return usual.collect(request, session, task);
    }
    RegistryOptions options = mirrored(registry.get(), request.images());
    try (RegistryClient client = tools.clients().get().apply(options)) {
      return tools.collector(store, client, options).collect(request, session, task);
    }
  }

  private RegistryOptions mirrored(String registry, List<Collector.Wanted> images) {
    RegistryOptions.Builder options = tools.options().toBuilder();
    for (String host :
        images.stream()
            .map(wanted -> wanted.found().image().registry())
            .collect(Collectors.toCollection(TreeSet::new))) {
      if (!host.equals(registry)) {
        options.host(options.host(host).mirror(registry).build());
      }
    }
    if (tools.options().certificates().isEmpty() && Files.isDirectory(CERTIFICATES)) {
      options.certificates(CERTIFICATES);
    }
    return options.build();
  }

  /** Tells what would be missing without the cluster. */
  static void tell(DiscoveryReport report, Task task) {
    List<DiscoveryReport.Found> only = report.onlyInCluster();
    if (!only.isEmpty()) {
      task.notice(
          "no file names "
              + only.stream()
                  .map(found -> found.image().familiar(Reference.Defaults.DOCKER))
                  .collect(Collectors.joining(", "))
              + ": found in the cluster only");
    }
  }
}
