package cloud.sealer.core.image;

import cloud.sealer.core.discovery.KubernetesRanges;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes one image of several. */
final class ImageMerge {
  private final ImageReader reader;
  private final LayerStore.Session session;

  ImageMerge(LayerStore store, LayerStore.Session session) {
    this.reader = new ImageReader(store);
    this.session = session;
  }

  /** Writes the image, without naming it. */
  Descriptor merge(List<ClusterImage> sources) {
    for (ClusterImage source : sources) {
      for (Descriptor blob : reader.blobs(source.descriptor())) {
        if (session.claim(blob.digest()).isEmpty()) {
          throw SealerException.builder(
                  ErrorCode.STORE_CORRUPT,
                  "image " + source.reference() + " lacks the blob " + blob.digest())
              .remedy("pull or load that image again")
              .detail("digest", blob.digest())
              .build();
        }
      }
    }
    List<Descriptor> manifests = new ArrayList<>();
    for (Platform platform : common(sources)) {
      List<PlatformImage> parts =
          sources.stream().map(source -> of(source, platform).orElseThrow()).toList();
      manifests.add(ImageWriter.manifest(session, content(platform, parts)));
    }
    return ImageWriter.index(session, manifests);
  }

  private static Optional<PlatformImage> of(ClusterImage image, Platform platform) {
    return image.platforms().stream().filter(p -> p.platform().equals(platform)).findFirst();
  }

  private static Set<Platform> common(List<ClusterImage> sources) {
    Set<Platform> common = null;
    for (ClusterImage source : sources) {
      Set<Platform> own = new TreeSet<>();
      source.platforms().forEach(platform -> own.add(platform.platform()));
      if (common == null) {
        common = own;
      } else {
        common.retainAll(own);
      }
    }
    if (common == null || common.isEmpty()) {
      throw SealerException.builder(
              ErrorCode.PLATFORM_NOT_FOUND,
              sources.stream()
                  .map(
                      source ->
                          source.reference()
                              + " is for "
                              + source.platforms().stream()
                                  .map(platform -> platform.platform().toString())
                                  .collect(Collectors.joining(", ")))
                  .collect(Collectors.joining("; ", "the images have no platform in common: ", "")))
          .remedy("build them for the same platform")
          .build();
    }
    return common;
  }

  private ImageWriter.Content content(Platform platform, List<PlatformImage> parts) {
    Map<Digest, Descriptor> layers = new LinkedHashMap<>();
    Map<Digest, Digest> diffIds = new LinkedHashMap<>();
    List<OciConfig.History> history = new ArrayList<>();
    for (PlatformImage part : parts) {
      OciConfig config = reader.config(part.config());
      if (config.diffIds().size() != part.layers().size()) {
        throw OciJson.unsupported(
            "manifest " + part.manifest().digest() + " and its configuration differ in layers",
            null);
      }
      for (int i = 0; i < part.layers().size(); i++) {
        Descriptor layer = part.layers().get(i);
        layers.putIfAbsent(layer.digest(), layer);
        diffIds.put(layer.digest(), config.diffIds().get(i));
      }
    }
    for (Descriptor layer : layers.values()) {
      history.add(new OciConfig.History("merged layer " + layer.digest(), false));
    }
    ClusterImage.Metadata metadata = metadata(parts);
    return new ImageWriter.Content(
        platform,
        List.copyOf(layers.values()),
        layers.keySet().stream().map(diffIds::get).toList(),
        history,
        metadata,
        metadata.created().orElse(Instant.EPOCH));
  }

  private static ClusterImage.Metadata metadata(List<PlatformImage> parts) {
    Map<String, String> args = new TreeMap<>();
    List<String> commands = new ArrayList<>();
    Map<Reference, ContainerImage> images = new TreeMap<>();
    ClusterImage.Metadata.Builder merged = ClusterImage.Metadata.builder();
    for (PlatformImage part : parts) {
      ClusterImage.Metadata metadata = part.metadata();
      args.putAll(metadata.args());
      metadata.commands().stream()
          .filter(command -> !commands.contains(command))
          .forEach(commands::add);
      metadata.containerImages().forEach(image -> add(image, images));
      metadata.clusterfile().ifPresent(merged::clusterfile);
    }
    List<ClusterImage.Metadata> all = parts.stream().map(PlatformImage::metadata).toList();
    all.stream()
        .flatMap(metadata -> metadata.kubernetesVersion().stream())
        .findFirst()
        .ifPresent(merged::kubernetesVersion);
    KubernetesRanges.join(
            all.stream().flatMap(metadata -> metadata.kubernetesRange().stream()).toList())
        .ifPresent(merged::kubernetesRange);
    all.stream()
        .filter(metadata -> metadata.base().isPresent())
        .findFirst()
        .ifPresent(m -> merged.base(m.base().orElse(null), m.baseDigest().orElse(null)));
    Instant created =
        all.stream()
            .flatMap(metadata -> metadata.created().stream())
            .max(Instant::compareTo)
            .orElse(Instant.EPOCH);
    return merged
        .created(created)
        .args(args)
        .commands(commands)
        .containerImages(List.copyOf(images.values()))
        .build();
  }

  /** One repository and tag in the registry of the cluster can mean one image only. */
  private static void add(ContainerImage image, Map<Reference, ContainerImage> images) {
    for (ContainerImage other : images.values()) {
      boolean sameName =
          image.reference().tag().isPresent()
              && other.reference().repository().equals(image.reference().repository())
              && other.reference().tag().equals(image.reference().tag());
      if (sameName && !other.digest().equals(image.digest())) {
        throw SealerException.builder(
                ErrorCode.IMAGE_COLLISION,
                "the images cannot be merged: "
                    + other.reference()
                    + " is "
                    + other.digest()
                    + " in one and "
                    + image.reference()
                    + " is "
                    + image.digest()
                    + " in another")
            .remedy("build them again with the same version of that container image")
            .build();
      }
    }
    images.put(image.reference(), image);
  }
}
