package cloud.sealer.core.image;

import cloud.sealer.core.layer.LayerEntry;
import cloud.sealer.core.layer.LayerFiles;
import cloud.sealer.core.layer.LayerReader;
import cloud.sealer.core.layer.RegistryTree;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingInputStream;
import com.google.common.io.ByteStreams;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The {@code registry/} tree of a cluster image for one platform, as a registry on it would see it,
 * with other wanted files of the rootfs. Blobs that have layers of their own stay in the store; of
 * those in other layers the small ones are kept, and all are hashed on the way.
 */
final class RegistryContent implements AutoCloseable {
  private static final int MAX_LINK = 256;

  private final LayerStore store;
  private final Map<Digest, Descriptor> blobLayers = new HashMap<>();
  private final Map<RootfsPath, Digest> hashes = new HashMap<>();
  private final Map<RootfsPath, FileTree.Entry> entries = new HashMap<>();
  private final FileTree files;

  private RegistryContent(
      LayerStore store,
      PlatformImage image,
      Predicate<RootfsPath> alsoWanted,
      boolean keepAll,
      Path scratch) {
    this.store = store;
    for (Descriptor layer : image.layers()) {
      String blob = layer.annotations().get(Annotations.BLOB);
      if (blob != null) {
        blobLayers.put(Digest.parse(blob), layer);
      }
    }
    this.files =
        LayerFiles.open(
            store,
            LayerFiles.stored(fileLayers(image)),
            new LayerFiles.Reading(
                path -> path.startsWith(RegistryTree.ROOT) || alsoWanted.test(path),
                (entry, content, spool) -> keep(entry, content, spool, keepAll),
                !keepAll),
            scratch);
    files.entries().forEach(entry -> entries.put(entry.path(), entry));
  }

  /** Reads the layers that hold files, which the caller has found whole. */
  static RegistryContent open(
      LayerStore store, PlatformImage image, Predicate<RootfsPath> alsoWanted, Path scratch) {
    return new RegistryContent(store, image, alsoWanted, false, scratch);
  }

  /**
   * Reads the same layers and proves their digests, and has the bytes of all blobs, also of large
   * ones that have no layers of their own.
   */
  static RegistryContent withBlobs(LayerStore store, PlatformImage image, Path scratch) {
    return new RegistryContent(store, image, path -> false, true, scratch);
  }

  /** The layers of an image that hold files, in contrast to those that hold one blob each. */
  static List<Descriptor> fileLayers(PlatformImage image) {
    return image.layers().stream()
        .filter(layer -> !layer.annotations().containsKey(Annotations.BLOB))
        .toList();
  }

  private FileTree.Content keep(
      LayerEntry entry, InputStream content, LayerFiles.Spool spool, boolean keepAll)
      throws LayerReader.DamagedLayerException {
    Optional<Digest> blob = RegistryTree.blobAt(entry.path());
    if (blob.isEmpty()) {
      return spool.keep(content);
    }
    FileTree.Content kept =
        () -> {
          throw new FileNotFoundException(entry.path() + " was not kept");
        };
    HashingInputStream hashed = new HashingInputStream(function(blob.get()), content);
    if (keepAll || entry.size() <= Documents.MAX_SIZE) {
      kept = spool.keep(hashed);
    } else {
      drain(hashed);
    }
    hashes.put(entry.path(), new Digest(blob.get().algorithm(), hashed.hash().toString()));
    return kept;
  }

  private static void drain(InputStream in) throws LayerReader.DamagedLayerException {
    try {
      ByteStreams.exhaust(in);
    } catch (LayerReader.DamagedLayerException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("only the layer is read", e);
    }
  }

  private static HashFunction function(Digest like) {
    return like.algorithm().equals("sha512") ? Hashing.sha512() : Hashing.sha256();
  }

  /** The files that were wanted, those of the tree included. */
  FileTree files() {
    return files;
  }

  /** What a link says; empty if there is none, or if it says no digest. */
  Optional<Digest> link(RootfsPath path) {
    return bytes(path, MAX_LINK)
        .flatMap(
            bytes -> {
              try {
                return Optional.of(
                    Digest.parse(new String(bytes, StandardCharsets.US_ASCII).strip()));
              } catch (IllegalArgumentException e) {
                return Optional.empty();
              }
            });
  }

  /** Whether any tag of a repository is there. */
  boolean hasRepository(String repository) {
    RootfsPath tags = RegistryTree.ROOT.resolve("repositories/" + repository + "/_manifests");
    return entries.keySet().stream().anyMatch(path -> path.startsWith(tags));
  }

  /** A manifest, index or configuration; empty if it is not there, or not as its digest says. */
  Optional<byte[]> document(Digest digest) {
    Optional<byte[]> bytes = bytes(RegistryTree.blob(digest), Documents.MAX_SIZE);
    return bytes.filter(content -> Documents.digest(content, digest).equals(digest));
  }

  private Optional<byte[]> bytes(RootfsPath path, int limit) {
    FileTree.Entry entry = entries.get(path);
    if (entry == null || entry.size() > limit) {
      return Optional.empty();
    }
    FileTree.Content content = entry.content();
    if (content == null) {
      return Optional.empty();
    }
    try (InputStream in = content.open()) {
      return Optional.of(in.readNBytes(limit));
    } catch (ClosedByInterruptException e) {
      throw SealerException.cancelled("reading " + path);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What is wrong with a blob of a container image, as half a sentence. */
  Optional<String> problem(Descriptor blob) {
    Descriptor layer = blobLayers.get(blob.digest());
    if (layer != null) {
      return BlobOfLayer.problem(store, blob, layer);
    }
    RootfsPath path = RegistryTree.blob(blob.digest());
    FileTree.Entry entry = entries.get(path);
    if (entry == null || entry.kind() != FileTree.Kind.FILE) {
      return Optional.of("blob " + blob.digest() + " is missing");
    }
    if (entry.size() != blob.size()) {
      return Optional.of(
          "blob " + blob.digest() + " has " + entry.size() + " bytes, not " + blob.size());
    }
    Digest actual = hashes.get(path);
    if (actual == null) {
      return Optional.of("blob " + blob.digest() + " is a link to a file elsewhere");
    }
    return actual.equals(blob.digest())
        ? Optional.empty()
        : Optional.of("the bytes of blob " + blob.digest() + " hash to " + actual);
  }

  /** One sentence for each blob of the tree whose bytes do not have the digest of its path. */
  List<String> damaged() {
    List<String> damaged = new ArrayList<>();
    for (Map.Entry<RootfsPath, Digest> hash : hashes.entrySet()) {
      Digest expected = RegistryTree.blobAt(hash.getKey()).orElseThrow();
      if (entries.containsKey(hash.getKey()) && !hash.getValue().equals(expected)) {
        damaged.add("the file " + hash.getKey() + " is damaged: it hashes to " + hash.getValue());
      }
    }
    damaged.sort(null);
    return damaged;
  }

  /** The bytes of a blob of a container image, from the start. */
  FileTree.Content content(Descriptor blob) {
    Descriptor layer = blobLayers.get(blob.digest());
    if (layer != null) {
      return () -> new BlobOfLayer(store, blob.digest(), layer).open(blob.size());
    }
    FileTree.Entry entry = entries.get(RegistryTree.blob(blob.digest()));
    FileTree.Content content = entry == null ? null : entry.content();
    return content != null
        ? content
        : () -> {
          throw new FileNotFoundException("blob " + blob.digest() + " is not in the image");
        };
  }

  @Override
  public void close() {
    files.close();
  }
}
