package cloud.sealer.sdk;

import cloud.sealer.sdk.spi.ClusterPlugin;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import cloud.sealer.sdk.spi.ImageDistributor;
import cloud.sealer.sdk.spi.InfrastructureProvider;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.RunExecutor;
import cloud.sealer.sdk.spi.SealerProvider;
import cloud.sealer.sdk.spi.SourceFetcher;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The entry to the SDK: one store of cluster images, and the settings to work on it with.
 *
 * <pre>{@code
 * try (Sealer sealer = Sealer.builder().store(Path.of("/var/lib/sealer")).build()) {
 *   BuildResult result = sealer.builder(BuildMode.LITE).build(request);
 *   sealer.images().push("registry.example.com/team/my-dashboard:v1", EventListener.NONE);
 * }
 * }</pre>
 *
 * <p>Thread-safe. Several with different settings may live in one JVM, also on the same store.
 * Closing one ends its threads and connections, so close it when no call is at work any more.
 */
public interface Sealer extends AutoCloseable {
  /**
   * Starts a Sealer.
   *
   * @return a builder; only {@link Builder#store} is required
   */
  static Builder builder() {
    return new Builder();
  }

  /**
   * A builder of cluster images.
   *
   * @param mode where to build
   * @return the builder
   * @throws SealerException with {@link ErrorCode#PROVIDER_MISSING} if no artifact on the class
   *     path builds in this mode
   */
  cloud.sealer.sdk.Builder builder(BuildMode mode);

  /**
   * The images of the store.
   *
   * @return the images
   */
  Images images();

  /**
   * Signs images, checks signatures, makes bills of materials.
   *
   * @return what is attached to the images of the store
   */
  ImageTrust trust();

  /**
   * Runs cluster images on hosts.
   *
   * @return the runner
   * @throws SealerException with {@link ErrorCode#PROVIDER_MISSING} if no artifact on the class
   *     path runs images, with {@link ErrorCode#INVALID_REQUEST} if there is no {@linkplain
   *     Builder#clusters directory of clusters}
   */
  Runner runner();

  /**
   * What builds on machines made for them have left of those.
   *
   * @return the machines
   * @throws SealerException with {@link ErrorCode#INVALID_REQUEST} if there is no {@linkplain
   *     Builder#store directory of a store}, beside which they are recorded
   */
  Machines machines();

  /**
   * Checks credentials at a registry and, if they are good, writes them into the {@linkplain
   * RegistryOptions#dockerConfig docker configuration}, whose other content stays.
   *
   * @param registry its host, with port if there is one
   * @param credentials who to be
   * @throws SealerException with {@link ErrorCode#UNAUTHORIZED} if the registry refuses them
   */
  void login(String registry, Credentials credentials);

  /** Ends all work and releases what this holds. The store itself stays. */
  @Override
  void close();

  /**
   * The exception for a part that is not on the class path.
   *
   * @param part what is missing
   * @param artifact the artifact that has it
   * @return the exception, to be thrown
   */
  static SealerException missing(String part, String artifact) {
    return SealerException.builder(ErrorCode.PROVIDER_MISSING, "no " + part + " on the class path")
        .remedy("add the artifact cloud.sealer:" + artifact)
        .detail("artifact", artifact)
        .build();
  }

  /** Collects the settings of a {@link Sealer}. Not thread-safe. */
  final class Builder {
    private @Nullable Path store;
    private Reference.Defaults names = Reference.Defaults.SEALER;
    private RegistryOptions registries = RegistryOptions.DEFAULT;
    private int concurrency = 6;
    private Clock clock = Clock.systemUTC();
    private boolean discoverProviders = true;
    private @Nullable LayerStore layerStore;
    private @Nullable RegistryClient registryClient;
    private final List<SourceFetcher> sourceFetchers = new ArrayList<>();
    private final List<ImageDiscoverer> imageDiscoverers = new ArrayList<>();
    private final List<RunExecutor> runExecutors = new ArrayList<>();
    private @Nullable Path clusters;
    private final List<Path> archives = new ArrayList<>();
    private final List<HostConnector> hostConnectors = new ArrayList<>();
    private final List<ClusterPlugin> clusterPlugins = new ArrayList<>();
    private final List<ImageDistributor> imageDistributors = new ArrayList<>();
    private final List<InfrastructureProvider> infrastructure = new ArrayList<>();

    private Builder() {}

    /**
     * Sets the directory of the store. Required. It is made when first needed.
     *
     * @param directory an OCI image layout, or a directory to become one
     * @return this builder
     */
    public Builder store(Path directory) {
      this.store = Objects.requireNonNull(directory, "directory");
      return this;
    }

    /**
     * Sets what completes short names of cluster images.
     *
     * @param defaults the defaults; sealer's own if not set
     * @return this builder
     */
    public Builder names(Reference.Defaults defaults) {
      this.names = Objects.requireNonNull(defaults, "defaults");
      return this;
    }

    /**
     * Sets how registries are reached.
     *
     * @param options the options
     * @return this builder
     */
    public Builder registries(RegistryOptions options) {
      this.registries = Objects.requireNonNull(options, "options");
      return this;
    }

    /**
     * Sets how many blobs move at once.
     *
     * @param transfers the limit, at least 1; 6 by default
     * @return this builder
     */
    public Builder concurrency(int transfers) {
      if (transfers < 1) {
        throw new IllegalArgumentException("concurrency must be at least 1, got " + transfers);
      }
      this.concurrency = transfers;
      return this;
    }

    /**
     * Sets the clock for events and retries.
     *
     * @param clock the clock
     * @return this builder
     */
    public Builder clock(Clock clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Uses only providers that are set here, and those of the core, not ones that {@link
     * ServiceLoader} finds.
     *
     * @return this builder
     */
    public Builder explicitProvidersOnly() {
      this.discoverProviders = false;
      return this;
    }

    /**
     * Keeps blobs elsewhere than in a directory. Replaces {@link #store}.
     *
     * @param layerStore the store; not closed by the Sealer
     * @return this builder
     */
    public Builder layerStore(LayerStore layerStore) {
      this.layerStore = Objects.requireNonNull(layerStore, "layerStore");
      return this;
    }

    /**
     * Reaches registries in another way. Replaces {@link #registries}.
     *
     * @param client the client; not closed by the Sealer
     * @return this builder
     */
    public Builder registryClient(RegistryClient client) {
      this.registryClient = Objects.requireNonNull(client, "client");
      return this;
    }

    /**
     * Adds a way to fetch remote sources, asked before all others.
     *
     * @param fetcher the fetcher
     * @return this builder
     */
    public Builder sourceFetcher(SourceFetcher fetcher) {
      sourceFetchers.add(Objects.requireNonNull(fetcher, "fetcher"));
      return this;
    }

    /**
     * Adds a way to find container images. It replaces one of the same class that {@link
     * ServiceLoader} finds.
     *
     * @param discoverer the discoverer
     * @return this builder
     */
    public Builder imageDiscoverer(ImageDiscoverer discoverer) {
      imageDiscoverers.add(Objects.requireNonNull(discoverer, "discoverer"));
      return this;
    }

    /**
     * Adds a way to execute {@code RUN}, tried before all others.
     *
     * @param executor the executor
     * @return this builder
     */
    public Builder runExecutor(RunExecutor executor) {
      runExecutors.add(Objects.requireNonNull(executor, "executor"));
      return this;
    }

    /**
     * Sets the directory that keeps the records of clusters. Required for {@link Sealer#runner}. It
     * is made when first needed, for its owner only.
     *
     * @param directory a directory, or where to make one
     * @return this builder
     */
    public Builder clusters(Path directory) {
      this.clusters = Objects.requireNonNull(directory, "directory");
      return this;
    }

    /**
     * Adds the images of an archive to those of the store, without loading it: they can be
     * inspected, verified, compared, run, pushed and built on straight from it. The archive must
     * not change meanwhile. One that is compressed with gzip or zstd is unpacked when the Sealer is
     * built, on the disk of the store, until the Sealer is closed.
     *
     * @param archive an OCI archive: a file, or the directory or a part of one in parts, as {@link
     *     Images#load} takes it
     * @return this builder
     */
    public Builder archive(Path archive) {
      archives.add(Objects.requireNonNull(archive, "archive"));
      return this;
    }

    /**
     * Adds a way to reach hosts, asked before all others. It replaces one of the same class that
     * {@link ServiceLoader} finds.
     *
     * @param connector the connector; closed with the Sealer
     * @return this builder
     */
    public Builder hostConnector(HostConnector connector) {
      hostConnectors.add(Objects.requireNonNull(connector, "connector"));
      return this;
    }

    /**
     * Adds a way to make machines. It replaces one of the same name that {@link ServiceLoader}
     * finds.
     *
     * @param provider the provider; closed with the Sealer
     * @return this builder
     */
    public Builder infrastructure(InfrastructureProvider provider) {
      infrastructure.add(Objects.requireNonNull(provider, "provider"));
      return this;
    }

    /**
     * Adds a type of plugin. It replaces one of the same type that {@link ServiceLoader} finds.
     *
     * @param plugin the plugin
     * @return this builder
     * @throws IllegalArgumentException if its type is added already
     */
    public Builder clusterPlugin(ClusterPlugin plugin) {
      Objects.requireNonNull(plugin, "plugin");
      if (clusterPlugins.stream().anyMatch(each -> each.type().equals(plugin.type()))) {
        throw new IllegalArgumentException("two plugins of the type " + plugin.type());
      }
      clusterPlugins.add(plugin);
      return this;
    }

    /**
     * Adds a way for layers to hosts. It replaces one of the same name that is built in or that
     * {@link ServiceLoader} finds.
     *
     * @param distributor the distributor
     * @return this builder
     */
    public Builder imageDistributor(ImageDistributor distributor) {
      imageDistributors.add(Objects.requireNonNull(distributor, "distributor"));
      return this;
    }

    /**
     * Makes the Sealer.
     *
     * @return the Sealer, to be closed by the caller
     * @throws SealerException with {@link ErrorCode#PROVIDER_MISSING} if the implementation is not
     *     on the class path
     * @throws NullPointerException if neither a directory nor a layer store is set
     */
    public Sealer build() {
      if (layerStore == null) {
        Objects.requireNonNull(store, "a Sealer needs a store");
      }
      return ServiceLoader.load(SealerProvider.class, Sealer.class.getClassLoader())
          .findFirst()
          .orElseThrow(() -> missing("Sealer implementation", "sealer-sdk-core"))
          .create(
              new SealerProvider.Settings(
                  Optional.ofNullable(store),
                  names,
                  registries,
                  concurrency,
                  clock,
                  discoverProviders,
                  Optional.ofNullable(layerStore),
                  Optional.ofNullable(registryClient),
                  sourceFetchers,
                  imageDiscoverers,
                  runExecutors,
                  Optional.ofNullable(clusters),
                  archives,
                  hostConnectors,
                  clusterPlugins,
                  imageDistributors,
                  infrastructure));
    }
  }
}
