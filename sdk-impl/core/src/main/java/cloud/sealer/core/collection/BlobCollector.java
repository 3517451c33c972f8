package cloud.sealer.core.collection;

import cloud.sealer.core.image.Annotations;
import cloud.sealer.core.layer.BlobLayer;
import cloud.sealer.core.layer.HashingBlobWriter;
import cloud.sealer.core.layer.WrittenLayer;
import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.core.transfer.BlobDownload;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Brings blobs straight into their layers; a blob whose layer is in the store is not downloaded at
 * all.
 */
final class BlobCollector {
  private final LayerStore store;
  private final LayerStore.Session session;
  private final BlobDownload download;

  BlobCollector(LayerStore store, LayerStore.Session session, BlobDownload download) {
    this.store = store;
    this.session = session;
    this.download = download;
  }

  WrittenLayer layer(BlobDownload.Wanted wanted, Task parent, LongConsumer downloaded) {
    Descriptor blob = wanted.blob();
    try (Task task = parent.start(Event.TaskKind.BLOB, blob.digest().toString(), blob.size())) {
      Optional<WrittenLayer> known = known(blob, task);
      if (known.isPresent()) {
        task.cached("");
        return known.get();
      }
      try (LayerStore.BlobWriter writer = session.write(key(blob));
          HashingBlobWriter layer =
              HashingBlobWriter.open(writer, BlobLayer.of(blob.digest(), blob.size()))) {
        // Another process may have finished it while this one waited for the key.
        known = known(blob, task);
        if (known.isPresent()) {
          task.cached("");
          return known.get();
        }
        download.download(wanted, layer, task, downloaded);
        Digest digest = layer.commit();
        store.remember(BlobLayer.RECORD, blob.digest().toString(), digest.toString());
        task.done("");
        return written(blob, digest);
      } catch (IOException e) {
        throw StoreFailure.of("write", "blob " + blob.digest(), e);
      }
    }
  }

  private static String key(Descriptor blob) {
    return "blob-" + blob.digest().algorithm() + "-" + blob.digest().hex();
  }

  /** Refuses blobs whose layers certainly do not fit into the store. */
  void ensureSpace(Collection<BlobDownload.Wanted> wanted) {
    Map<String, Long> lacking = new TreeMap<>();
    for (BlobDownload.Wanted each : wanted) {
      Descriptor blob = each.blob();
      long size = BlobLayer.of(blob.digest(), blob.size()).layerSize();
      Optional<Digest> layer =
          store.recall(BlobLayer.RECORD, blob.digest().toString()).map(Digest::parse);
      if (layer.isEmpty() || store.size(layer.get()).orElse(-1) != size) {
        lacking.put(key(blob), size);
      }
    }
    session.ensureSpace(lacking);
  }

  private Optional<WrittenLayer> known(Descriptor blob, Task task) {
    Optional<Digest> digest =
        store.recall(BlobLayer.RECORD, blob.digest().toString()).map(Digest::parse);
    if (digest.isEmpty()) {
      return Optional.empty();
    }
    OptionalLong size = session.claim(digest.get());
    long expected = BlobLayer.of(blob.digest(), blob.size()).layerSize();
    if (size.isPresent() && size.getAsLong() == expected) {
      return Optional.of(written(blob, digest.get()));
    }
    if (size.isPresent()) {
      store.evict(digest.get());
      task.evicted(digest.get(), "it has " + size.getAsLong() + " bytes, not " + expected);
    }
    return Optional.empty();
  }

  private static WrittenLayer written(Descriptor blob, Digest layer) {
    long size = BlobLayer.of(blob.digest(), blob.size()).layerSize();
    Descriptor descriptor =
        new Descriptor(MediaType.OCI_LAYER, layer, size)
            .withAnnotation(Annotations.BLOB, blob.digest().toString())
            .withAnnotation(Annotations.LAYER, Annotations.LAYER_REGISTRY);
    return new WrittenLayer(descriptor, layer, size);
  }
}
