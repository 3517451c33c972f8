package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Makes the {@link Sealer}. The artifact {@code sealer-sdk-core} provides it. */
public interface SealerProvider {
  /**
   * Makes a Sealer.
   *
   * @param settings what its builder collected
   * @return the Sealer
   */
  Sealer create(Settings settings);

  /**
   * What the builder of a {@link Sealer} collected.
   *
   * @param store the directory of the store, unless a layer store is set
   * @param names what completes short names of cluster images
   * @param registries how registries are reached
   * @param concurrency how many blobs move at once
   * @param clock the clock for events and retries
   * @param discoverProviders whether to ask {@link java.util.ServiceLoader} for more providers
   * @param layerStore an explicit store
   * @param registryClient an explicit registry client
   * @param sourceFetchers explicit fetchers, first to last
   * @param imageDiscoverers explicit discoverers
   * @param runExecutors explicit executors, first to last
   * @param clusters the directory of records of clusters
   * @param archives archives whose images are seen beside those of the store
   * @param hostConnectors explicit connectors, first to last
   * @param clusterPlugins explicit types of plugins
   * @param imageDistributors explicit distributors, first to last
   * @param infrastructure explicit makers of machines
   */
  record Settings(
      Optional<Path> store,
      Reference.Defaults names,
      RegistryOptions registries,
      int concurrency,
      Clock clock,
      boolean discoverProviders,
      Optional<LayerStore> layerStore,
      Optional<RegistryClient> registryClient,
      List<SourceFetcher> sourceFetchers,
      List<ImageDiscoverer> imageDiscoverers,
      List<RunExecutor> runExecutors,
      Optional<Path> clusters,
      List<Path> archives,
      List<HostConnector> hostConnectors,
      List<ClusterPlugin> clusterPlugins,
      List<ImageDistributor> imageDistributors,
      List<InfrastructureProvider> infrastructure) {
    /** Copies the lists. */
    public Settings {
      sourceFetchers = List.copyOf(sourceFetchers);
      imageDiscoverers = List.copyOf(imageDiscoverers);
      runExecutors = List.copyOf(runExecutors);
      archives = List.copyOf(archives);
      hostConnectors = List.copyOf(hostConnectors);
      infrastructure = List.copyOf(infrastructure);
      clusterPlugins = List.copyOf(clusterPlugins);
      imageDistributors = List.copyOf(imageDistributors);
    }
  }
}
