package cloud.sealer.kubernetes.image;

import cloud.sealer.core.image.Annotations;
import cloud.sealer.core.image.ImageReader;
import cloud.sealer.core.image.PlatformChoice;
import cloud.sealer.core.layer.LayerFiles;
import cloud.sealer.core.layer.LayerReader;
import cloud.sealer.kubernetes.rootfs.Metadata;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A cluster image of the store during one call: its blobs are not pruned until it is closed.
 * Thread-safe.
 */
public final class RootfsImage implements AutoCloseable {
  private static final List<RootfsPath> SMALL =
      List.of(
          RootfsPath.of("etc"),
          RootfsPath.of("scripts"),
          RootfsPath.of("statics"),
          RootfsPath.of("plugin"),
          RootfsPath.of("plugins"),
          RootfsPath.of("Metadata"));
  private static final List<RootfsPath> TEMPLATES =
      List.of(RootfsPath.of("charts"), RootfsPath.of("manifests"));
  private static final String TEMPLATE = ".tmpl";
  private static final String UNPACKED = "unpacked";
  private static final String FILES = "rootfs-files";
  private static final long BLOCK = 4096;

  private final LayerStore store;
  private final ClusterImage image;
  private final Set<RootfsPath> alsoWanted;
  private final LayerStore.Session session;
  private final Map<Platform, RootfsFiles> files = new HashMap<>();
  private final List<FileTree> trees = new ArrayList<>();

  private RootfsImage(
      LayerStore store,
      ClusterImage image,
      Set<RootfsPath> alsoWanted,
      LayerStore.Session session) {
    this.store = store;
    this.image = image;
    this.alsoWanted = Set.copyOf(alsoWanted);
    this.session = session;
  }

  /**
   * Opens an image.
   *
   * @param store the store that has it
   * @param image the image
   * @param alsoWanted files beside the usual ones that will be read
   * @throws SealerException with {@link ErrorCode#STORE_CORRUPT} if a blob of it is missing
   */
  public static RootfsImage open(LayerStore store, ClusterImage image, Set<RootfsPath> alsoWanted) {
    LayerStore.Session session = store.session();
    boolean complete = false;
    try {
      for (PlatformImage platform : image.platforms()) {
        List<Descriptor> blobs = new ArrayList<>(platform.layers());
        blobs.add(platform.config());
        for (Descriptor blob : blobs) {
          if (session.claim(blob.digest()).isEmpty()) {
            throw SealerException.builder(
                    ErrorCode.STORE_CORRUPT,
                    "image " + image.reference() + " lacks the blob " + blob.digest())
                .remedy("pull or load the image again")
                .build();
          }
        }
      }
      RootfsImage opened = new RootfsImage(store, image, alsoWanted, session);
      complete = true;
      return opened;
    } finally {
      if (!complete) {
        session.close();
      }
    }
  }

  /** The image. */
  public ClusterImage image() {
    return image;
  }

  /** The store that has its layers. */
  public LayerStore store() {
    return store;
  }

  /**
   * What it has for a platform.
   *
   * @throws SealerException with {@link ErrorCode#PLATFORM_NOT_FOUND} if nothing
   */
  public PlatformImage platform(Platform platform) {
    return PlatformChoice.choose(
        image.reference(), platform, image.platforms(), PlatformImage::platform);
  }

  /**
   * The version of Kubernetes that it has for a platform, as its metadata or the file {@code
   * Metadata} tell it; empty if it brings none.
   */
  public Optional<String> kubernetesVersion(Platform platform) {
    if (!files(platform).has("scripts/init.sh")) {
      return Optional.empty();
    }
    return platform(platform)
        .metadata()
        .kubernetesVersion()
        .or(() -> files(platform).text("Metadata").map(text -> Metadata.parse(text).version()))
        .filter(version -> !version.isEmpty());
  }

  /** Whether it has Kubernetes, for whatever platform; an application has none. */
  public boolean bringsKubernetes() {
    return image.platforms().stream()
        .anyMatch(platform -> kubernetesVersion(platform.platform()).isPresent());
  }

  /** The digests of the uncompressed layers for a platform, in the order of its layers. */
  public List<Digest> diffIds(Platform platform) {
    return new ImageReader(store).config(platform(platform).config()).diffIds();
  }

  /** Whether a layer belongs to the {@code registry/} tree, which only registry hosts need. */
  public static boolean ofRegistry(Descriptor layer) {
    return layer.annotations().containsKey(Annotations.BLOB)
        || Annotations.LAYER_REGISTRY.equals(layer.annotations().get(Annotations.LAYER));
  }

  /**
   * The small files for a platform: those of {@code etc}, {@code scripts}, {@code statics}, {@code
   * plugins} and {@code Metadata}, templates, and those that were asked for.
   */
  public synchronized RootfsFiles files(Platform platform) {
    PlatformImage content = platform(platform);
    RootfsFiles known = files.get(content.platform());
    if (known == null) {
      known = new RootfsFiles(remembered(content));
      files.put(content.platform(), known);
    }
    return known;
  }

  private List<FileTree.Entry> remembered(PlatformImage content) {
    String key = content.manifest().digest() + " " + new TreeSet<>(alsoWanted);
    try {
      Optional<String> known = store.recall(FILES, key);
      if (known.isPresent()) {
        return SmallFiles.read(known.get());
      }
      FileTree tree = read(content);
      trees.add(tree);
      Optional<String> text = SmallFiles.write(tree.entries());
      text.ifPresent(value -> store.remember(FILES, key, value));
      return tree.entries();
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.STORE_IO,
              "cannot read the files of " + image.reference() + ": " + e.getMessage())
          .remedy("check free space and permissions of the store, then try again")
          .cause(e)
          .build();
    }
  }

  private FileTree read(PlatformImage content) {
    List<Descriptor> layers =
        content.layers().stream().filter(layer -> !ofRegistry(layer)).toList();
    return LayerFiles.open(store, LayerFiles.stored(layers), this::wanted, session.scratch());
  }

  /**
   * How much of a disk the files of a layer take. A compressed layer is read for it the first time.
   *
   * @param layer a layer of this image
   * @return the bytes, in whole blocks
   */
  public long unpackedSize(Descriptor layer) {
    if (!layer.mediaType().value().endsWith("gzip")
        && !layer.mediaType().value().endsWith("zstd")) {
      return layer.size();
    }
    Optional<String> known = store.recall(UNPACKED, layer.digest().toString());
    if (known.isPresent()) {
      return Long.parseLong(known.get());
    }
    AtomicLong blocks = new AtomicLong();
    new LayerReader(store)
        .read(
            layer,
            null,
            bytes -> {},
            (entry, content) -> blocks.addAndGet(entry.size() / BLOCK + 1));
    long size = blocks.get() * BLOCK;
    store.remember(UNPACKED, layer.digest().toString(), Long.toString(size));
    return size;
  }

  private boolean wanted(RootfsPath path) {
    return alsoWanted.contains(path)
        || SMALL.stream().anyMatch(path::startsWith)
        || (path.name().endsWith(TEMPLATE) && TEMPLATES.stream().anyMatch(path::startsWith));
  }

  @Override
  public synchronized void close() {
    try {
      trees.forEach(FileTree::close);
    } finally {
      session.close();
    }
  }
}
