package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.image.RootfsImage;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ConfigSpec;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.ImagePolicy;
import cloud.sealer.sdk.Images;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.util.stream.Collectors;

/** Gets the image of a spec from the store, or pulls it. */
final class ImageOpener {
  private final Images images;
  private final LayerStore store;

  ImageOpener(Images images, LayerStore store) {
    this.images = images;
    this.store = store;
  }

  RootfsImage open(String name, ClusterSpec spec, ImagePolicy policy, Task parent) {
    if (name.isEmpty()) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST, "the cluster " + spec.name() + " has no image")
          .remedy("name one in the spec")
          .build();
    }
    return RootfsImage.open(
        store,
        admitted(name, policy, parent),
        spec.configs().stream().map(ConfigSpec::path).collect(Collectors.toSet()));
  }

  /** Opens an image that a cluster has: the one that is recorded, else what has its name by now. */
  RootfsImage open(Digest recorded, ClusterSpec spec, ImagePolicy policy, Task parent) {
    try {
      return open(recorded.toString(), spec, policy, parent);
    } catch (SealerException e) {
      if (e.code() != ErrorCode.IMAGE_NOT_FOUND) {
        throw e;
      }
      return open(spec.image(), spec, policy, parent);
    }
  }

  /** Gets an image that may be run. */
  ClusterImage admitted(String name, ImagePolicy policy, Task parent) {
    ClusterImage image = find(name, parent);
    policy.admit(image);
    return image;
  }

  private ClusterImage find(String name, Task parent) {
    try {
      return images.inspect(name);
    } catch (SealerException e) {
      if (e.code() != ErrorCode.IMAGE_NOT_FOUND || name.startsWith("sha256:")) {
        throw e;
      }
    }
    try (Task task = parent.start(Event.TaskKind.PULL, name, -1)) {
      ClusterImage image = images.pull(name, EventListener.NONE);
      task.done(image.digest().toString());
      return image;
    }
  }
}
