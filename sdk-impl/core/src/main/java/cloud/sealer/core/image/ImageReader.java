package cloud.sealer.core.image;

import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.spi.LayerStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Turns the documents of an image in a store into values. */
public final class ImageReader {
  private static final int MAX_MANIFESTS = 256;

  private final LayerStore store;

  /** A reader of one store. */
  public ImageReader(LayerStore store) {
    this.store = store;
  }

  /** Reads an index, or a manifest that stands alone. */
  public ClusterImage read(Reference reference, Descriptor image) {
    List<PlatformImage> platforms = new ArrayList<>();
    for (Descriptor manifest : manifests(image)) {
      platforms.add(readPlatform(manifest));
    }
    platforms.sort(Comparator.comparing(PlatformImage::platform));
    Set<Digest> seen = new HashSet<>();
    long size = 0;
    for (Descriptor blob : blobs(image)) {
      size += seen.add(blob.digest()) ? blob.size() : 0;
    }
    return new ClusterImage(reference, image, size, platforms);
  }

  /**
   * The manifests an index lists, or the manifest itself. Entries that are no images are left out.
   */
  public List<Descriptor> manifests(Descriptor image) {
    if (!image.mediaType().isIndex()) {
      return List.of(image);
    }
    List<Descriptor> all =
        OciIndex.parse(Documents.read(store, image), "index " + image.digest()).manifests();
    if (all.size() > MAX_MANIFESTS) {
      throw OciJson.unsupported(
          "index "
              + image.digest()
              + " lists "
              + all.size()
              + " manifests, more than "
              + MAX_MANIFESTS,
          null);
    }
    return all.stream().filter(manifest -> manifest.mediaType().isManifest()).toList();
  }

  /** Reads a manifest of the store. */
  public OciManifest manifest(Descriptor manifest) {
    return OciManifest.parse(Documents.read(store, manifest), "manifest " + manifest.digest());
  }

  /** Reads the configuration of an image in the store. */
  public OciConfig config(Descriptor config) {
    return OciConfig.parse(Documents.read(store, config), "configuration " + config.digest());
  }

  /** Every blob of an image: index, manifests, configurations and layers. */
  public List<Descriptor> blobs(Descriptor image) {
    List<Descriptor> blobs = new ArrayList<>();
    blobs.add(image);
    for (Descriptor manifest : manifests(image)) {
      if (!manifest.digest().equals(image.digest())) {
        blobs.add(manifest);
      }
      OciManifest content = manifest(manifest);
      blobs.add(content.config());
      blobs.addAll(content.layers());
    }
    return blobs;
  }

  /** Whether the metadata stand in the annotations, so that sealer made it. */
  public boolean isClusterImage(PlatformImage image) {
    return manifest(image.manifest()).annotations().containsKey(Annotations.SCHEMA);
  }

  private PlatformImage readPlatform(Descriptor descriptor) {
    OciManifest manifest = manifest(descriptor);
    Platform platform = descriptor.platform();
    if (platform == null) {
      platform = config(manifest.config()).platform();
    }
    return new PlatformImage(
        platform == null ? Platform.LINUX_AMD64 : platform,
        descriptor,
        manifest.config(),
        manifest.layers(),
        MetadataCodec.read(manifest.annotations(), "manifest " + descriptor.digest()));
  }
}
