package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.Images;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Runner;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

/** Makes the {@link Runner}. The artifact {@code sealer-sdk-kubernetes} provides it. */
public interface RunnerProvider {
  /**
   * Makes a runner.
   *
   * @param settings what it works with
   * @return the runner
   */
  Runner create(Settings settings);

  /**
   * What a runner works with.
   *
   * @param images the images of the store
   * @param store the blobs of the store
   * @param clusters the directory of records
   * @param connectors how hosts are reached, asked in this order
   * @param renderer how templates of the rootfs are rendered; empty if no artifact provides it
   * @param plugins the types of plugins that are not built in
   * @param distributors ways for layers to hosts, asked before those that are built in
   * @param registries how registries are reached
   * @param client speaks to registries
   * @param clock the clock for events, records and certificates
   */
  record Settings(
      Images images,
      LayerStore store,
      Path clusters,
      List<HostConnector> connectors,
      List<TemplateRenderer> renderer,
      List<ClusterPlugin> plugins,
      List<ImageDistributor> distributors,
      RegistryOptions registries,
      RegistryClient client,
      Clock clock) {
    /** Checks and copies the parts. */
    public Settings {
      Objects.requireNonNull(images, "images");
      Objects.requireNonNull(store, "store");
      Objects.requireNonNull(clusters, "clusters");
      Objects.requireNonNull(registries, "registries");
      Objects.requireNonNull(client, "client");
      Objects.requireNonNull(clock, "clock");
      connectors = List.copyOf(connectors);
      renderer = List.copyOf(renderer);
      plugins = List.copyOf(plugins);
      distributors = List.copyOf(distributors);
    }
  }
}
