package cloud.sealer.core.build;

import cloud.sealer.core.collection.Collector;
import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.spi.ClusterInspector;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The further parts of builds that look at a running cluster.
 *
 * @param inspector asks the cluster
 * @param options how registries are reached
 * @param clients makes a client for other options; empty where the caller's own client is to be
 *     used
 * @param transfers how many blobs move at once
 */
public record ClusterTools(
    ClusterInspector inspector,
    RegistryOptions options,
    Optional<Function<RegistryOptions, RegistryClient>> clients,
    Transfers transfers) {
  /** Checks the parts. */
  public ClusterTools {
    Objects.requireNonNull(inspector, "inspector");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(clients, "clients");
    Objects.requireNonNull(transfers, "transfers");
  }

  /** A collector that fetches with another client. */
  Collector collector(LayerStore store, RegistryClient client, RegistryOptions with) {
    return new Collector(store, client, with, transfers);
  }
}
