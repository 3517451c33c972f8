package cloud.sealer.kubernetes.preflight;

import cloud.sealer.kubernetes.distribution.Size;
import cloud.sealer.kubernetes.image.RootfsImage;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.HostFacts;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a host has room for what it will be sent, on the file systems where it goes. */
final class DiskChecks {
  private static final String CONTAINERS = "/var/lib/docker";

  /** What is left free for logs and for the small things that are not counted. */
  private static final long MARGIN = 64L << 20;

  private DiskChecks() {}

  static void check(Report report, Situation situation, RegistryPlace registry) {
    HostView view = report.view();
    if (view.facts().fileSystems().isEmpty()) {
      return;
    }
    Optional<RootfsImage> image = situation.image();
    List<Descriptor> layers =
        Images.content(situation, view).map(content -> content.layers()).orElse(List.of());
    Set<Descriptor> others = registry.is(view) ? ofOthers(situation, layers) : Set.of();
    long rootfs = 0;
    long containers = 0;
    for (Descriptor layer : layers) {
      boolean ofRegistry = RootfsImage.ofRegistry(layer);
      if (image.isPresent()
          && !view.layers().contains(layer.digest())
          && (!ofRegistry || registry.is(view))) {
        rootfs += image.get().unpackedSize(layer);
      }
      containers += ofRegistry ? layer.size() : 0;
    }
    for (Descriptor layer : others) {
      rootfs += view.layers().contains(layer.digest()) ? 0 : layer.size();
    }
    check(report, rootfs, view.record().steps().isEmpty() ? containers : 0);
  }

  /** What the registry serves to hosts of other platforms. */
  private static Set<Descriptor> ofOthers(Situation situation, List<Descriptor> own) {
    Set<Descriptor> layers = new HashSet<>();
    for (HostView host : situation.hosts()) {
      Images.content(situation, host).stream()
          .flatMap(content -> content.layers().stream())
          .filter(RootfsImage::ofRegistry)
          .forEach(layers::add);
    }
    own.forEach(layers::remove);
    return layers;
  }

  private static void check(Report report, long rootfs, long containers) {
    if (rootfs == 0) {
      return;
    }
    HostFacts facts = report.view().facts();
    HostFacts.FileSystem data = facts.fileSystem(report.view().paths().root());
    if (data.available() < rootfs + MARGIN) {
      report.error(
          "disk",
          "%s has %s left, the rootfs needs %s"
              .formatted(
                  data.mountPoint(), Size.text(data.available()), Size.text(rootfs + MARGIN)),
          "make room below " + report.view().paths().data());
      return;
    }
    // Unpacked, container images are about three times as big; not every node needs all of them.
    long unpacked = containers * 3;
    HostFacts.FileSystem runtime = facts.fileSystem(CONTAINERS);
    long left = runtime.available() - (runtime.equals(data) ? rootfs : 0);
    if (left < unpacked) {
      report.warning(
          "disk",
          "%s has %s left for container images, which may need %s"
              .formatted(runtime.mountPoint(), Size.text(left), Size.text(unpacked)),
          "");
    }
  }
}
