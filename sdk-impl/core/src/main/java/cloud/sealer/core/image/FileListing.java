package cloud.sealer.core.image;

import cloud.sealer.core.layer.LayerEntry;
import cloud.sealer.core.layer.LayerReader;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.LayerStore;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** The files of images with the hashes of their bytes. Each layer is read once. Not thread-safe. */
final class FileListing {
  private static final int BUFFER = 256 * 1024;

  private final LayerStore store;
  private final LongConsumer progress;
  private final Map<Digest, List<Item>> layers = new HashMap<>();
  private final byte[] buffer = new byte[BUFFER];

  /** Lists files of a store; {@code progress} hears of bytes of layers. */
  FileListing(LayerStore store, LongConsumer progress) {
    this.store = store;
    this.progress = progress;
  }

  /**
   * One entry of a layer.
   *
   * @param entry where and what it is
   * @param hash of the bytes of a file; empty otherwise
   * @param chart the name and version of a chart, where it is its {@code Chart.yaml} or an archive
   *     of one
   */
  record Item(LayerEntry entry, String hash, Optional<ChartVersion> chart) {
    /** Whether two entries are the same, wherever they come from and whenever they were made. */
    boolean isLike(Item other) {
      return entry.kind() == other.entry.kind()
          && entry.mode() == other.entry.mode()
          && entry.size() == other.entry.size()
          && entry.target().equals(other.entry.target())
          && hash.equals(other.hash);
    }

    /** What a person is told of it. */
    String describe() {
      String mode = String.format("%04o", entry.mode());
      return switch (entry.kind()) {
        case FILE -> entry.size() + " bytes, mode " + mode + ", " + hash.substring(0, 12);
        case SYMLINK -> "link to " + entry.target();
        case HARD_LINK -> "the same as " + entry.target();
        default -> entry.kind().name().toLowerCase(Locale.ROOT) + ", mode " + mode;
      };
    }
  }

  /** The files and links that some layers add up to, by path. Directories are left out. */
  NavigableMap<RootfsPath, Item> files(List<Descriptor> of) {
    NavigableMap<RootfsPath, Item> files = new TreeMap<>();
    for (Descriptor layer : of) {
      List<Item> items = layers.computeIfAbsent(layer.digest(), digest -> read(layer));
      // Deletions concern lower layers only, wherever they stand in their own.
      items.stream().filter(FileListing::deletes).forEach(item -> delete(item, files));
      for (Item item : items) {
        switch (item.entry().kind()) {
          case WHITEOUT, OPAQUE -> {}
          case DIRECTORY -> files.remove(item.entry().path());
          default -> files.put(item.entry().path(), item);
        }
      }
    }
    return files;
  }

  private static boolean deletes(Item item) {
    LayerEntry.Kind kind = item.entry().kind();
    return kind == LayerEntry.Kind.WHITEOUT
        || kind == LayerEntry.Kind.OPAQUE
        || kind != LayerEntry.Kind.DIRECTORY; // a file hides what was a directory
  }

  private static void delete(Item item, NavigableMap<RootfsPath, Item> files) {
    RootfsPath path = item.entry().path();
    boolean itself = item.entry().kind() != LayerEntry.Kind.OPAQUE;
    var below = files.tailMap(path, itself).keySet().iterator();
    while (below.hasNext() && below.next().startsWith(path)) {
      below.remove();
    }
  }

  private List<Item> read(Descriptor layer) {
    List<Item> items = new ArrayList<>();
    new LayerReader(store)
        .read(layer, null, progress, (entry, content) -> items.add(item(entry, content)));
    return items;
  }

  private Item item(LayerEntry entry, InputStream content)
      throws LayerReader.DamagedLayerException {
    if (entry.kind() != LayerEntry.Kind.FILE) {
      return new Item(entry, "", Optional.empty());
    }
    Hasher hasher = Hashing.sha256().newHasher();
    ChartVersion.Collector chart = ChartVersion.collector(entry);
    try {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        hasher.putBytes(buffer, 0, n);
        chart.add(buffer, n);
      }
    } catch (LayerReader.DamagedLayerException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("only the layer is read", e);
    }
    return new Item(entry, hasher.hash().toString(), chart.version());
  }
}
