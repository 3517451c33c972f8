package cloud.sealer.core.sbom;

import cloud.sealer.core.image.Annotations;
import cloud.sealer.core.layer.LayerEntry;
import cloud.sealer.core.layer.LayerReader;
import cloud.sealer.core.layer.Overlay;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;

/** Looks at each file of the layers of a rootfs once; the later layer wins. */
final class RootfsScan {
  private static final RootfsPath REGISTRY = RootfsPath.of("registry");

  private final Overlay<Seen> found = new Overlay<>();
  private final byte[] buffer = new byte[256 * 1024];

  private RootfsScan() {}

  /**
   * A file as it was seen.
   *
   * @param file the file
   * @param contents what is known of its content
   */
  private record Seen(Item.File file, KnownContent contents) {}

  /** Whether a layer is read: not if it only holds container images. */
  static boolean isRead(Descriptor layer) {
    return !Annotations.LAYER_REGISTRY.equals(layer.annotations().get(Annotations.LAYER));
  }

  static List<Item> of(LayerStore store, List<Descriptor> layers, LongConsumer progress) {
    RootfsScan scan = new RootfsScan();
    LayerReader reader = new LayerReader(store);
    for (int i = 0; i < layers.size(); i++) {
      int number = i;
      if (isRead(layers.get(i))) {
        reader.read(
            layers.get(i), null, progress, (entry, content) -> scan.visit(entry, content, number));
      }
    }
    return scan.items();
  }

  private List<Item> items() {
    List<Item> items = new ArrayList<>();
    String distribution =
        found.all().stream()
            .map(seen -> seen.contents().distribution())
            .filter(name -> !name.isEmpty())
            .findFirst()
            .orElse("");
    for (Seen seen : found.all()) {
      items.add(seen.file());
      items.addAll(seen.contents().charts());
      seen.contents().packages().forEach(one -> items.add(one.of(distribution)));
    }
    return items;
  }

  private void visit(LayerEntry entry, InputStream content, int layer)
      throws LayerReader.DamagedLayerException {
    RootfsPath path = entry.path();
    switch (entry.kind()) {
      case WHITEOUT -> found.whiteout(path, layer);
      case OPAQUE -> found.opaque(path, layer);
      case DIRECTORY -> found.removeIf(path, seen -> true);
      default -> {
        found.clear(path);
        if (path.isRoot() || path.startsWith(REGISTRY)) {
          return;
        }
        if (entry.kind() == LayerEntry.Kind.FILE) {
          found.put(path, layer, look(entry, content));
        } else if (entry.kind() == LayerEntry.Kind.HARD_LINK) {
          found
              .at(RootfsPath.of(entry.target()))
              .ifPresent(seen -> found.put(path, layer, linked(path, seen.file())));
        }
      }
    }
  }

  private static Seen linked(RootfsPath path, Item.File file) {
    return new Seen(
        new Item.File(path.value(), file.size(), file.executable(), file.sha1(), file.sha256()),
        KnownContent.NOTHING);
  }

  private Seen look(LayerEntry entry, InputStream content)
      throws LayerReader.DamagedLayerException {
    MessageDigest sha1 = hash("SHA-1");
    MessageDigest sha256 = hash("SHA-256");
    InputStream hashed = new DigestInputStream(new DigestInputStream(content, sha1), sha256);
    KnownContent contents = KnownContent.read(entry.path(), hashed);
    drain(hashed);
    HexFormat hex = HexFormat.of();
    Item.File file =
        new Item.File(
            entry.path().value(),
            entry.size(),
            (entry.mode() & 0111) != 0,
            hex.formatHex(sha1.digest()),
            Digest.sha256(hex.formatHex(sha256.digest())));
    return new Seen(file, contents);
  }

  private void drain(InputStream content) throws LayerReader.DamagedLayerException {
    try {
      int n = 0;
      while (n >= 0) {
        n = content.read(buffer);
      }
    } catch (LayerReader.DamagedLayerException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("only a damaged layer cannot be read", e);
    }
  }

  private static MessageDigest hash(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}
