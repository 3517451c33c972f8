package cloud.sealer.core.image;

import cloud.sealer.core.layer.LayerFiles;
import cloud.sealer.core.layer.RegistryTree;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The container images of what sealer 0.6 to 0.8 made: its descriptor does not name them, but the
 * {@code registry/} tree in its layers has their repositories and tags. Layers are read once for
 * each manifest, and what they have is recorded in the store.
 */
final class ServedImages {
  private static final RootfsPath REPOSITORIES = RegistryTree.ROOT.resolve("repositories");
  private static final String RECORD = "served";

  /** All but the tags that signatures and other attachments have. */
  private static final Pattern TAG =
      Pattern.compile(
          Pattern.quote(REPOSITORIES.value())
              + "/(.+)/_manifests/tags/((?!sha(?:256|512)-[0-9a-f]{64})[^/]+)/current/link");

  private final LayerStore store;

  ServedImages(LayerStore store) {
    this.store = store;
  }

  /** An image with the names of what it serves, where its own descriptor has none. */
  ClusterImage in(ClusterImage image) {
    ImageReader reader = new ImageReader(store);
    if (image.platforms().stream().noneMatch(reader::hasSealerDescriptor)) {
      return image;
    }
    try (LayerStore.Session session = store.session()) {
      List<PlatformImage> platforms =
          image.platforms().stream()
              .map(
                  platform ->
                      reader.hasSealerDescriptor(platform)
                          ? named(platform, session.scratch())
                          : platform)
              .toList();
      return new ClusterImage(image.reference(), image.descriptor(), image.size(), platforms);
    } catch (SealerException e) {
      if (e.code() == ErrorCode.CANCELLED) {
        throw e;
      }
      return image; // verify says what is wrong with its layers
    }
  }

  private PlatformImage named(PlatformImage platform, Path scratch) {
    return new PlatformImage(
        platform.platform(),
        platform.manifest(),
        platform.config(),
        platform.layers(),
        platform.metadata().toBuilder().namedImages(served(platform, scratch)).build());
  }

  /** The record begins with the digest of the manifest, without which it is of no use. */
  private List<String> served(PlatformImage platform, Path scratch) {
    String manifest = platform.manifest().digest().toString();
    Optional<String> known = store.recall(RECORD, manifest);
    if (known.isPresent()) {
      return known.get().lines().skip(1).toList();
    }
    List<String> served = read(platform, scratch);
    store.remember(RECORD, manifest, manifest + "\n" + String.join("\n", served));
    return served;
  }

  private List<String> read(PlatformImage platform, Path scratch) {
    LayerFiles.Reading names =
        new LayerFiles.Reading(
            path -> path.startsWith(REPOSITORIES),
            (entry, content, spool) ->
                () -> {
                  throw new FileNotFoundException(entry.path() + " was not kept");
                },
            false);
    try (FileTree files =
        LayerFiles.open(store, LayerFiles.stored(platform.layers()), names, scratch)) {
      return files.entries().stream().flatMap(entry -> name(entry.path()).stream()).toList();
    }
  }

  private static Optional<String> name(RootfsPath path) {
    Matcher tag = TAG.matcher(path.value());
    return tag.matches() ? Optional.of(tag.group(1) + ":" + tag.group(2)) : Optional.empty();
  }
}
