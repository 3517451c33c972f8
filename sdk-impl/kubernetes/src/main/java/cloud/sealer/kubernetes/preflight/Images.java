package cloud.sealer.kubernetes.preflight;

import cloud.sealer.kubernetes.image.RootfsFiles;
import cloud.sealer.kubernetes.rootfs.Metadata;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import java.util.Optional;

/** What the image has for a host, if there is an image and it has anything. */
final class Images {
  private Images() {}

  static Optional<PlatformImage> content(Situation situation, HostView view) {
    return situation
        .image()
        .flatMap(
            image ->
                image.image().platforms().stream()
                    .filter(each -> each.platform().equals(view.facts().platform()))
                    .findFirst());
  }

  static Optional<RootfsFiles> files(Situation situation, HostView view) {
    return content(situation, view)
        .map(content -> situation.requireImage().files(content.platform()));
  }

  /** Images that sealer made say it in their files only. */
  static boolean hasKubernetes(Situation situation, HostView view) {
    return content(situation, view)
            .filter(content -> content.metadata().kubernetesVersion().isPresent())
            .isPresent()
        || files(situation, view)
            .flatMap(files -> files.text("Metadata"))
            .filter(text -> !Metadata.parse(text).version().isEmpty())
            .isPresent();
  }
}
