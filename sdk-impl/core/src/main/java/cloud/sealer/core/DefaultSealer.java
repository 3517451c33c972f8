package cloud.sealer.core;

import cloud.sealer.core.build.BuildPipeline;
import cloud.sealer.core.build.BuildTools;
import cloud.sealer.core.build.ClusterTools;
import cloud.sealer.core.collection.Collector;
import cloud.sealer.core.discovery.ImageListDiscoverer;
import cloud.sealer.core.discovery.ManifestDiscoverer;
import cloud.sealer.core.discovery.NodeImageDiscoverer;
import cloud.sealer.core.fetch.GitSourceFetcher;
import cloud.sealer.core.fetch.HttpSourceFetcher;
import cloud.sealer.core.image.ArchiveStore;
import cloud.sealer.core.image.StoreImages;
import cloud.sealer.core.machines.MachineRecords;
import cloud.sealer.core.machines.MachineRunner;
import cloud.sealer.core.machines.Providers;
import cloud.sealer.core.machines.RecordedMachines;
import cloud.sealer.core.registry.DockerConfigFile;
import cloud.sealer.core.registry.HttpRegistryClient;
import cloud.sealer.core.remote.RemoteBuilder;
import cloud.sealer.core.remote.RemoteTools;
import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.core.run.RunExecutors;
import cloud.sealer.core.store.OciLayerStore;
import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.core.trust.StoreTrust;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.ImageTrust;
import cloud.sealer.sdk.Images;
import cloud.sealer.sdk.Machines;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ClusterInspector;
import cloud.sealer.sdk.spi.ClusterPlugin;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import cloud.sealer.sdk.spi.ImageDistributor;
import cloud.sealer.sdk.spi.InfrastructureProvider;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.RunExecutor;
import cloud.sealer.sdk.spi.RunnerProvider;
import cloud.sealer.sdk.spi.SealerProvider;
import cloud.sealer.sdk.spi.SourceFetcher;
import cloud.sealer.sdk.spi.TemplateRenderer;
import com.google.common.base.Suppliers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts the parts together for one set of settings. */
final class DefaultSealer implements Sealer {
  private final SealerProvider.Settings settings;
  private final List<AutoCloseable> owned = new ArrayList<>();
  private final RegistryClient client;
  private final Transfers transfers;
  private final StoreImages images;
  private final StoreTrust trust;
  private final Supplier<List<ImageDiscoverer>> discoverers =
      Suppliers.memoize(this::newDiscoverers);
  private final Supplier<BuildTools> tools = Suppliers.memoize(this::newTools);
  private final Supplier<Providers> machineMakers = Suppliers.memoize(this::newMachineMakers);
  private final LayerStore store;
  private @Nullable Runner runner;
  private @Nullable MachineRecords machineRecords;
  private @Nullable MachineRecords clusterMachineRecords;

  DefaultSealer(SealerProvider.Settings settings) {
    this.settings = settings;
    settings.hostConnectors().forEach(this::own);
    RegistryOptions options = settings.registries();
    LayerStore plain = settings.layerStore().orElseGet(() -> own(new OciLayerStore(directory())));
    store = settings.archives().isEmpty() ? plain : own(withArchives(plain));
    client = settings.registryClient().orElseGet(() -> own(newClient(options)));
    transfers = new Transfers(settings.concurrency());
    images =
        new StoreImages(
            store, settings.names(), client, options, transfers, settings.clock(), discoverers);
    trust = new StoreTrust(store, images.names(), client, settings.clock());
  }

  /** Not made for those who only look at images. */
  private synchronized BuildTools newTools() {
    RegistryOptions options = settings.registries();
    return new BuildTools(
        store,
        images.names(),
        images.puller(),
        fetchers(options),
        executors(),
        discoverers.get(),
        new Collector(store, client, options, transfers),
        settings.clock());
  }

  private Path directory() {
    return settings
        .store()
        .orElseThrow(
            () -> new IllegalArgumentException("neither a store nor a layer store is set"));
  }

  private List<SourceFetcher> fetchers(RegistryOptions options) {
    List<SourceFetcher> fetchers = new ArrayList<>(settings.sourceFetchers());
    fetchers.addAll(provided(SourceFetcher.class));
    fetchers.add(own(new GitSourceFetcher(options)));
    fetchers.add(own(new HttpSourceFetcher(options, settings.clock())));
    return fetchers;
  }

  private List<RunExecutor> executors() {
    List<RunExecutor> executors = new ArrayList<>(settings.runExecutors());
    executors.addAll(provided(RunExecutor.class));
    settings
        .store()
        .ifPresent(store -> executors.addAll(RunExecutors.standard(store.resolve("work"))));
    return executors;
  }

  private List<ImageDiscoverer> newDiscoverers() {
    List<ImageDiscoverer> discoverers = new ArrayList<>();
    discoverers.add(new ManifestDiscoverer());
    discoverers.add(new ImageListDiscoverer());
    discoverers.add(new NodeImageDiscoverer());
    List<ImageDiscoverer> explicit = settings.imageDiscoverers();
    provided(ImageDiscoverer.class).stream()
        .filter(found -> explicit.stream().noneMatch(own -> own.getClass() == found.getClass()))
        .forEach(discoverers::add);
    discoverers.addAll(explicit);
    return discoverers;
  }

  private synchronized Providers newMachineMakers() {
    List<InfrastructureProvider> makers = new ArrayList<>(settings.infrastructure());
    makers.forEach(this::own);
    provided(InfrastructureProvider.class).stream()
        .filter(found -> makers.stream().noneMatch(own -> own.name().equals(found.name())))
        .toList()
        .forEach(found -> makers.add(own(found)));
    return new Providers(makers);
  }

  @Override
  public Machines machines() {
    List<RecordedMachines.Keeper> keepers = new ArrayList<>();
    keepers.add(RecordedMachines.Keeper.ofBuilds(machineRecords()));
    if (settings.clusters().isPresent()) {
      keepers.add(
          RecordedMachines.Keeper.ofClusters(
              clusterMachineRecords(), () -> newRunner(clusters(), List.of()).clusters()));
    }
    return new RecordedMachines(keepers, machineMakers.get(), settings.clock());
  }

  /** Beside the records of the clusters, whose names never begin with a dot. */
  private synchronized MachineRecords clusterMachineRecords() {
    MachineRecords made = clusterMachineRecords;
    if (made == null) {
      made = own(new MachineRecords(clusters().resolve(".machines")));
      clusterMachineRecords = made;
    }
    return made;
  }

  private synchronized MachineRecords machineRecords() {
    MachineRecords made = machineRecords;
    if (made == null) {
      Path store =
          settings
              .store()
              .orElseThrow(
                  () ->
                      SealerException.builder(
                              ErrorCode.INVALID_REQUEST,
                              "there is no directory to keep records of machines in")
                          .remedy("set Sealer.Builder.store")
                          .build());
      made = own(new MachineRecords(store.resolve("machines")));
      machineRecords = made;
    }
    return made;
  }

  @Override
  public synchronized Runner runner() {
    Runner made = runner;
    if (made == null) {
      made = newRunner();
      runner = made;
    }
    return made;
  }

  private Path clusters() {
    return settings
        .clusters()
        .orElseThrow(
            () ->
                SealerException.builder(
                        ErrorCode.INVALID_REQUEST,
                        "there is no directory to keep records of clusters in")
                    .remedy("set Sealer.Builder.clusters")
                    .build());
  }

  private Runner newRunner() {
    Path clusters = clusters();
    List<HostConnector> connectors = new ArrayList<>(settings.hostConnectors());
    provided(HostConnector.class).stream()
        .filter(found -> connectors.stream().noneMatch(own -> own.getClass() == found.getClass()))
        .toList()
        .forEach(found -> connectors.add(own(found)));
    return new MachineRunner(
        newRunner(clusters, connectors),
        connector -> newRunner(clusters, List.of(connector)),
        clusterMachineRecords(),
        machineMakers,
        (image, options) -> options.imagePolicy().admit(images().inspect(image)),
        settings.clock());
  }

  private Runner newRunner(Path clusters, List<HostConnector> connectors) {
    RunnerProvider provider =
        load(RunnerProvider.class).stream()
            .findFirst()
            .orElseThrow(() -> Sealer.missing("runner of cluster images", "sealer-sdk-kubernetes"));
    return provider.create(
        new RunnerProvider.Settings(
            images,
            store,
            clusters,
            connectors,
            provided(TemplateRenderer.class),
            plugins(),
            distributors(),
            settings.registries(),
            client,
            settings.clock()));
  }

  private List<ClusterPlugin> plugins() {
    List<ClusterPlugin> plugins = new ArrayList<>(settings.clusterPlugins());
    provided(ClusterPlugin.class).stream()
        .filter(found -> plugins.stream().noneMatch(own -> own.type().equals(found.type())))
        .toList()
        .forEach(plugins::add);
    return plugins;
  }

  private List<ImageDistributor> distributors() {
    List<ImageDistributor> distributors = new ArrayList<>(settings.imageDistributors());
    distributors.addAll(provided(ImageDistributor.class));
    return distributors;
  }

  private <T> List<T> provided(Class<T> service) {
    return settings.discoverProviders() ? load(service) : List.of();
  }

  private static <T> List<T> load(Class<T> service) {
    try {
      return ServiceLoader.load(service, DefaultSealer.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .toList();
    } catch (ServiceConfigurationError e) {
      throw SealerException.builder(
              ErrorCode.PROVIDER_MISSING,
              "a provider of " + service.getSimpleName() + " cannot be loaded: " + e.getMessage())
          .remedy("mend or remove its artifact, or switch the discovery of providers off")
          .cause(e)
          .build();
    }
  }

  private <T extends AutoCloseable> T own(T part) {
    owned.add(part);
    return part;
  }

  /** Nobody can close a Sealer that was not made. */
  private LayerStore withArchives(LayerStore plain) {
    try {
      return ArchiveStore.over(plain, settings.archives());
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private RegistryClient newClient(RegistryOptions options) {
    return new HttpRegistryClient(
        options, settings.concurrency(), settings.clock(), Sleeper.THREAD);
  }

  @Override
  public cloud.sealer.sdk.Builder builder(BuildMode mode) {
    return switch (mode) {
      case LITE -> new BuildPipeline(tools.get());
      case LOCAL -> new BuildPipeline(tools.get(), clusterTools());
      case CONTAINER, CLOUD -> new ChosenBuilder(mode);
    };
  }

  /** Which provider makes the machines is said by each request. */
  private final class ChosenBuilder implements cloud.sealer.sdk.Builder {
    private final BuildMode mode;

    ChosenBuilder(BuildMode mode) {
      this.mode = mode;
      machineMakers.get().choose(mode, "");
    }

    private RemoteBuilder builder(BuildRequest request) {
      return new RemoteBuilder(
          new RemoteTools(
              tools.get(),
              machineMakers.get().choose(mode, request.remote().infrastructure().provider()),
              machineRecords(),
              (clusters, connector) -> newRunner(clusters, List.of(connector)),
              settings.registries()));
    }

    @Override
    public BuildResult build(BuildRequest request) {
      return builder(request).build(request);
    }

    @Override
    public DiscoveryReport discover(BuildRequest request) {
      return builder(request).discover(request);
    }
  }

  private ClusterTools clusterTools() {
    ClusterInspector inspector =
        load(ClusterInspector.class).stream()
            .findFirst()
            .orElseThrow(() -> Sealer.missing("inspector of clusters", "sealer-sdk-kubernetes"));
    return new ClusterTools(
        inspector,
        settings.registries(),
        settings.registryClient().isPresent() ? Optional.empty() : Optional.of(this::newClient),
        transfers);
  }

  @Override
  public Images images() {
    return images;
  }

  @Override
  public ImageTrust trust() {
    return trust;
  }

  @Override
  public void login(String registry, Credentials credentials) {
    Path file =
        settings
            .registries()
            .dockerConfig()
            .orElseThrow(
                () ->
                    SealerException.builder(
                            ErrorCode.INVALID_REQUEST,
                            "there is no docker configuration to keep the login in")
                        .remedy("set RegistryOptions.dockerConfig")
                        .build());
    client.check(registry, credentials);
    DockerConfigFile.store(file, registry, credentials);
  }

  @Override
  public synchronized void close() {
    SealerException failure = null;
    for (int i = owned.size() - 1; i >= 0; i--) {
      try {
        owned.get(i).close();
      } catch (Exception e) {
        if (failure == null) {
          failure =
              SealerException.builder(ErrorCode.INTERNAL, "cannot close: " + e.getMessage())
                  .cause(e)
                  .build();
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
