package cloud.sealer.core.build;

import cloud.sealer.core.collection.Collector;
import cloud.sealer.core.image.ImagePull;
import cloud.sealer.core.image.Names;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RunExecutor;
import cloud.sealer.sdk.spi.SourceFetcher;
import java.time.Clock;
import java.util.List;

/**
 * The parts that builds use.
 *
 * @param store where blobs go
 * @param names finds images in the store
 * @param pull gets base images
 * @param fetchers get remote sources, first to last
 * @param executors execute {@code RUN}, first to last
 * @param discoverers look for container images
 * @param collector brings container images in
 * @param clock for the time of events
 */
public record BuildTools(
    LayerStore store,
    Names names,
    ImagePull pull,
    List<SourceFetcher> fetchers,
    List<RunExecutor> executors,
    List<ImageDiscoverer> discoverers,
    Collector collector,
    Clock clock) {
  /** Copies the lists. */
  public BuildTools {
    fetchers = List.copyOf(fetchers);
    executors = List.copyOf(executors);
    discoverers = List.copyOf(discoverers);
  }
}
