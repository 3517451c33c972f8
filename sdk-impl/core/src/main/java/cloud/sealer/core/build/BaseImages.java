package cloud.sealer.core.build;

import cloud.sealer.core.image.ImagePull;
import cloud.sealer.core.image.ImageReader;
import cloud.sealer.core.image.Names;
import cloud.sealer.core.image.OciConfig;
import cloud.sealer.core.image.PlatformChoice;
import cloud.sealer.core.layer.LayerFiles;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the base image of a build in the store, or pulls it. */
final class BaseImages {
  static final String SCRATCH = "scratch";

  private final LayerStore store;
  private final Names names;
  private final ImagePull pull;

  BaseImages(LayerStore store, Names names, ImagePull pull) {
    this.store = store;
    this.names = names;
    this.pull = pull;
  }

  Base find(
      String image,
      @Nullable Platform platform,
      boolean refresh,
      LayerStore.Session session,
      Task parent) {
    try (Task task = parent.start(Event.TaskKind.BASE, image, -1)) {
      if (image.equals(SCRATCH)) {
        task.done("");
        return Base.scratch(platform == null ? Platform.LINUX_AMD64 : platform);
      }
      Reference reference = names.parse(image);
      Optional<Descriptor> named = names.find(reference);
      Optional<Descriptor> local = refresh ? Optional.empty() : named;
      Optional<String> broken = local.flatMap(descriptor -> broken(reference, descriptor, session));
      if (local.isPresent()
          && broken.isEmpty()
          && platform != null
          && read(reference, local.get()).platforms().stream()
              .noneMatch(p -> p.platform().equals(platform))) {
        local = Optional.empty();
      }
      Descriptor found;
      if (broken.isPresent()) {
        Reference same = reference.withDigest(local.get().digest());
        found = pullAgain(same, platform, broken.get(), session, task);
      } else {
        found =
            local.isPresent() ? local.get() : pull.pull(reference, platform, session, task::start);
      }
      Base base = base(reference, read(reference, found), platform, session);
      // One that lacks the platform keeps its name: it may exist only here.
      if ((named.isEmpty() || refresh) && reference.tag().isPresent()) {
        store.putName(names.stored(reference), found);
      }
      if (local.isPresent() && broken.isEmpty()) {
        task.cached(found.digest().toString());
      } else {
        task.done(found.digest().toString());
      }
      return base;
    }
  }

  private ClusterImage read(Reference reference, Descriptor image) {
    return new ImageReader(store).read(reference, image);
  }

  /** What is wrong with a base image of the store, as far as lengths and documents can tell. */
  private Optional<String> broken(
      Reference reference, Descriptor image, LayerStore.Session session) {
    try {
      for (PlatformImage platform : read(reference, image).platforms()) {
        for (Descriptor layer : platform.layers()) {
          if (session.claim(layer.digest()).orElse(-1) != layer.size()) {
            return Optional.of(
                "layer " + layer.digest() + " of base image " + reference + " is not in the store");
          }
        }
      }
      return Optional.empty();
    } catch (SealerException e) {
      if (e.code() != ErrorCode.STORE_CORRUPT) {
        throw e;
      }
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private Descriptor pullAgain(
      Reference reference,
      @Nullable Platform platform,
      String broken,
      LayerStore.Session session,
      Task task) {
    try {
      task.notice(broken + "; it is pulled again");
      return pull.pull(reference, platform, session, task::start);
    } catch (SealerException e) {
      if (e.code() == ErrorCode.CANCELLED) {
        throw e;
      }
      throw SealerException.builder(
              ErrorCode.STORE_CORRUPT, broken + ", and cannot be pulled again: " + e.getMessage())
          .remedy("build the base image again")
          .cause(e)
          .build();
    }
  }

  private Base base(
      Reference reference,
      ClusterImage image,
      @Nullable Platform platform,
      LayerStore.Session session) {
    PlatformImage chosen = choose(reference, image.platforms(), platform);
    OciConfig config = new ImageReader(store).config(chosen.config());
    if (config.diffIds().size() != chosen.layers().size()) {
      throw SealerException.builder(
              ErrorCode.IMAGE_UNSUPPORTED,
              "base image "
                  + reference
                  + " has "
                  + chosen.layers().size()
                  + " layers but its configuration lists "
                  + config.diffIds().size())
          .remedy("build or push the base image again")
          .build();
    }
    return new Base(
        Optional.of(reference),
        Optional.of(chosen.manifest().digest()),
        chosen.platform(),
        chosen.layers(),
        config.diffIds(),
        config.history(),
        metadata(chosen, session));
  }

  /** What the base says of itself: its annotations, or its files if another tool made it. */
  private ClusterImage.Metadata metadata(PlatformImage base, LayerStore.Session session) {
    if (new ImageReader(store).isClusterImage(base)) {
      return base.metadata();
    }
    try (FileTree files =
        LayerFiles.open(
            store, LayerFiles.stored(base.layers()), RootfsFiles::isWanted, session.scratch())) {
      RootfsFiles read = RootfsFiles.read(files);
      return base.metadata().toBuilder()
          .kubernetesVersion(read.kubernetesVersion().orElse(null))
          .clusterfile(base.metadata().clusterfile().or(read::clusterfile).orElse(null))
          .build();
    }
  }

  private static PlatformImage choose(
      Reference reference, List<PlatformImage> platforms, @Nullable Platform platform) {
    if (platform == null && platforms.size() == 1) {
      return platforms.get(0);
    }
    Platform wanted = platform == null ? Platform.LINUX_AMD64 : platform;
    return PlatformChoice.choose(reference, wanted, platforms, PlatformImage::platform);
  }
}
