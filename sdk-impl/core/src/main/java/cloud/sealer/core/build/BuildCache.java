package cloud.sealer.core.build;

import cloud.sealer.core.layer.WrittenLayer;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Remembers what instructions made, and what files hashed to. */
final class BuildCache {
  private static final String INSTRUCTION = "instruction";
  private static final String BUILT_BEFORE = "built-before";
  private static final String SOURCES = "sources";
  private static final String NO_LAYER = "none";
  private static final int PARTS = 5;

  private final LayerStore store;
  private final LayerStore.Session session;
  private final boolean enabled;

  BuildCache(LayerStore store, LayerStore.Session session, boolean enabled) {
    this.store = store;
    this.session = session;
    this.enabled = enabled;
  }

  /** The layers an instruction of that key made: one or none. Empty if it must be executed. */
  Optional<List<WrittenLayer>> find(Digest key, Task task) {
    if (!enabled) {
      return Optional.empty();
    }
    return store.recall(INSTRUCTION, key.toString()).flatMap(record -> parse(record, task));
  }

  private Optional<List<WrittenLayer>> parse(String record, Task task) {
    if (record.equals(NO_LAYER)) {
      return Optional.of(List.of());
    }
    String[] parts = record.split(" ", -1);
    if (parts.length != PARTS) {
      return Optional.empty(); // of another version of this class
    }
    Digest digest = Digest.parse(parts[1]);
    long size = Long.parseLong(parts[2]);
    OptionalLong actual = session.claim(digest);
    if (actual.orElse(-1) != size) {
      if (actual.isPresent()) {
        store.evict(digest);
        task.evicted(digest, "it has " + actual.getAsLong() + " bytes, not " + size);
      }
      return Optional.empty();
    }
    Descriptor descriptor = new Descriptor(new MediaType(parts[0]), digest, size);
    return Optional.of(
        List.of(new WrittenLayer(descriptor, Digest.parse(parts[3]), Long.parseLong(parts[4]))));
  }

  void remember(Digest key, List<WrittenLayer> made) {
    String record = NO_LAYER;
    if (!made.isEmpty()) {
      WrittenLayer layer = made.get(0);
      Descriptor descriptor = layer.descriptor();
      record =
          String.join(
              " ",
              descriptor.mediaType().value(),
              descriptor.digest().toString(),
              Long.toString(descriptor.size()),
              layer.diffId().toString(),
              Long.toString(layer.uncompressedSize()));
    }
    store.remember(INSTRUCTION, key.toString(), record);
  }

  /** Whether an instruction of that text was built on that chain, with whatever sources. */
  boolean builtBefore(Digest chain, String text) {
    return enabled && store.recall(BUILT_BEFORE, chain + " " + text).isPresent();
  }

  void rememberBuilt(Digest chain, String text) {
    store.remember(BUILT_BEFORE, chain + " " + text, "");
  }

  /**
   * The uncompressed digest of a layer of these entries, if their stamps say they are unchanged.
   */
  Optional<Digest> sources(List<FileTree.Entry> entries, long epoch) {
    return enabled
        ? stamps(entries, epoch)
            .flatMap(key -> store.recall(SOURCES, key.toString()))
            .map(Digest::parse)
        : Optional.empty();
  }

  void rememberSources(List<FileTree.Entry> entries, long epoch, Digest diffId) {
    stamps(entries, epoch)
        .ifPresent(key -> store.remember(SOURCES, key.toString(), diffId.toString()));
  }

  private static Optional<Digest> stamps(List<FileTree.Entry> entries, long epoch) {
    Fingerprint fingerprint = new Fingerprint().add("epoch", epoch);
    for (FileTree.Entry entry : entries) {
      String stamp = entry.stamp();
      if (entry.kind() == FileTree.Kind.FILE && stamp == null) {
        return Optional.empty();
      }
      fingerprint
          .add("path", entry.path())
          .add("kind", entry.kind())
          .add("mode", entry.mode())
          .add("size", entry.size())
          .add("target", entry.target())
          .add("stamp", stamp == null ? "" : stamp);
    }
    return Optional.of(fingerprint.digest());
  }
}
