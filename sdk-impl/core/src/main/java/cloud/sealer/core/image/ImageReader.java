package cloud.sealer.core.image;

import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.spi.LayerStore;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Turns the documents of an image in a store into values. */
public final class ImageReader {
  static final int MAX_DOCUMENTS = 256;

  private final LayerStore store;

  /** A reader of one store. */
  public ImageReader(LayerStore store) {
    this.store = store;
  }

  /** Reads an index, or a manifest that stands alone. */
  public ClusterImage read(Reference reference, Descriptor image) {
    List<PlatformImage> platforms = new ArrayList<>();
    for (Descriptor manifest : manifests(image)) {
      OciManifest content = manifest(manifest);
      if (manifest.digest().equals(image.digest()) || isImage(manifest, content)) {
        platforms.add(readPlatform(manifest, content));
      }
    }
    platforms.sort(Comparator.comparing(PlatformImage::platform));
    Set<Digest> seen = new HashSet<>();
    long size = 0;
    for (Descriptor blob : blobs(image)) {
      size += seen.add(blob.digest()) ? blob.size() : 0;
    }
    return new ClusterImage(reference, image, size, platforms);
  }

  /** An index also lists attestations of images, for an unknown platform, and artifacts. */
  private static boolean isImage(Descriptor listed, OciManifest content) {
    Platform platform = listed.platform();
    return platform == null
        ? OciConfig.isConfig(content.config())
        : !platform.os().equals("unknown");
  }

  /**
   * The documents of an image.
   *
   * @param indexes its indexes, each after those that it lists; empty for a manifest that stands
   *     alone
   * @param manifests its manifests; attestations and artifacts among them
   */
  public record Tree(List<Descriptor> indexes, List<Descriptor> manifests) {
    /** Copies the lists. */
    public Tree {
      indexes = List.copyOf(indexes);
      manifests = List.copyOf(manifests);
    }
  }

  /**
   * The documents of an image in the store. Entries of its indexes that are neither are left out.
   */
  public Tree tree(Descriptor image) {
    return tree(image, entry -> {});
  }

  /**
   * The documents of an image.
   *
   * @param image its index or manifest, which is in the store
   * @param fetch brings any further document into the store before it is read
   */
  Tree tree(Descriptor image, Consumer<Descriptor> fetch) {
    Map<Digest, Descriptor> indexes = new LinkedHashMap<>();
    Set<Descriptor> manifests = new LinkedHashSet<>();
    if (image.mediaType().isIndex()) {
      walk(image, 1, fetch, indexes, manifests);
    } else {
      manifests.add(image);
    }
    return new Tree(List.copyOf(indexes.values()), List.copyOf(manifests));
  }

  private void walk(
      Descriptor index,
      int depth,
      Consumer<Descriptor> fetch,
      Map<Digest, Descriptor> indexes,
      Set<Descriptor> manifests) {
    String where = "index " + index.digest();
    if (depth > PlatformSearch.MAX_DEPTH) {
      throw OciJson.unsupported(
          where + " is nested more than " + PlatformSearch.MAX_DEPTH + " deep", null);
    }
    for (Descriptor entry : OciIndex.parse(Documents.read(store, index), where).manifests()) {
      boolean known = manifests.contains(entry) || indexes.containsKey(entry.digest());
      if (known || !(entry.mediaType().isIndex() || entry.mediaType().isManifest())) {
        continue;
      }
      if (manifests.size() + indexes.size() == MAX_DOCUMENTS) {
        throw OciJson.unsupported(
            where + " and those it lists have more than " + MAX_DOCUMENTS + " entries", null);
      }
      fetch.accept(entry);
      if (entry.mediaType().isIndex()) {
        walk(entry, depth + 1, fetch, indexes, manifests);
      } else {
        manifests.add(entry);
      }
    }
    indexes.put(index.digest(), index);
  }

  /**
   * The manifests that an index and those it lists have, attestations and artifacts among them, or
   * the manifest itself.
   */
  public List<Descriptor> manifests(Descriptor image) {
    return tree(image).manifests();
  }

  /** Reads a manifest of the store. */
  public OciManifest manifest(Descriptor manifest) {
    return OciManifest.parse(Documents.read(store, manifest), "manifest " + manifest.digest());
  }

  /** Reads the configuration of an image in the store. */
  public OciConfig config(Descriptor config) {
    return OciConfig.parse(Documents.read(store, config), "configuration " + config.digest());
  }

  /** Every blob of an image: indexes, outermost first, manifests, configurations and layers. */
  public List<Descriptor> blobs(Descriptor image) {
    Tree tree = tree(image);
    List<Descriptor> blobs = new ArrayList<>(tree.indexes());
    Collections.reverse(blobs);
    for (Descriptor manifest : tree.manifests()) {
      blobs.add(manifest);
      OciManifest content = manifest(manifest);
      blobs.add(content.config());
      blobs.addAll(content.layers());
    }
    return blobs;
  }

  /** Whether the metadata stand in our annotations, so that they are complete. */
  public boolean isClusterImage(PlatformImage image) {
    return manifest(image.manifest()).annotations().containsKey(Annotations.SCHEMA);
  }

  private PlatformImage readPlatform(Descriptor descriptor, OciManifest manifest) {
    Platform platform = descriptor.platform();
    if (platform == null) {
      platform = config(manifest.config()).platform();
    }
    return new PlatformImage(
        platform == null ? Platform.LINUX_AMD64 : platform,
        descriptor,
        manifest.config(),
        manifest.layers(),
        metadata(manifest, "manifest " + descriptor.digest()));
  }

  /** What an image says of itself, in our annotations or in what sealer itself has for them. */
  private ClusterImage.Metadata metadata(OciManifest manifest, String where) {
    Map<String, String> annotations = manifest.annotations();
    ClusterImage.Metadata own = MetadataCodec.read(annotations, where);
    if (annotations.containsKey(Annotations.SCHEMA)) {
      return own;
    }
    if (annotations.containsKey(SealerExtension.ANNOTATION)) {
      return SealerExtension.read(annotations, own, where);
    }
    return sealerDescriptor(manifest.config()).map(SealerDescriptor::metadata).orElse(own);
  }

  /** Whether sealer 0.6 to 0.8 made an image. */
  boolean hasSealerDescriptor(PlatformImage image) {
    return sealerDescriptor(image.config()).isPresent();
  }

  private Optional<JsonNode> sealerDescriptor(Descriptor config) {
    return OciConfig.isConfig(config)
        ? Optional.of(
                OciJson.parse(Documents.read(store, config), "configuration " + config.digest()))
            .filter(SealerDescriptor::isOne)
        : Optional.empty();
  }
}
