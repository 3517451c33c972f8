package cloud.sealer.core.build;

import cloud.sealer.core.image.ImagePull;
import cloud.sealer.core.image.ImageReader;
import cloud.sealer.core.image.Names;
import cloud.sealer.core.image.OciConfig;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the base image of a build in the store, or pulls it. */
final class BaseImages {
  private static final String SCRATCH = "scratch";

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
      Optional<Descriptor> local = refresh ? Optional.empty() : names.find(reference);
      if (local.isPresent()
          && platform != null
          && read(reference, local.get()).platforms().stream()
              .noneMatch(p -> p.platform().equals(platform))) {
        local = Optional.empty();
      }
      Descriptor found =
          local.isPresent() ? local.get() : pull.pull(reference, platform, session, task::start);
      Base base = base(reference, read(reference, found), platform);
      claim(base, session);
      if (local.isEmpty() && reference.tag().isPresent()) {
        store.putName(names.stored(reference), found);
      }
      if (local.isPresent()) {
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

  private void claim(Base base, LayerStore.Session session) {
    for (Descriptor layer : base.layers()) {
      if (session.claim(layer.digest()).isEmpty()) {
        throw SealerException.builder(
                ErrorCode.STORE_CORRUPT,
                "layer " + layer.digest() + " of the base image is not in the store")
            .remedy("pull the base image again")
            .build();
      }
    }
  }

  private Base base(Reference reference, ClusterImage image, @Nullable Platform platform) {
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
        chosen.metadata());
  }

  private static PlatformImage choose(
      Reference reference, List<PlatformImage> platforms, @Nullable Platform platform) {
    Platform wanted = platform;
    if (wanted == null && platforms.size() == 1) {
      return platforms.get(0);
    }
    Platform target = wanted == null ? Platform.LINUX_AMD64 : wanted;
    return platforms.stream()
        .filter(p -> p.platform().equals(target))
        .findFirst()
        .orElseThrow(
            () ->
                SealerException.builder(
                        ErrorCode.PLATFORM_NOT_FOUND,
                        "base image "
                            + reference
                            + " is not available for "
                            + target
                            + ", only for "
                            + platforms.stream()
                                .map(p -> p.platform().toString())
                                .collect(Collectors.joining(", ")))
                    .remedy("build for one of these platforms, or use another base image")
                    .build());
  }
}
