package cloud.sealer.kubernetes.preflight;

import cloud.sealer.kubernetes.rootfs.RegistrySettings;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.RootfsPath;
import java.util.Optional;

/**
 * Where the registry of the cluster is to be.
 *
 * @param host the host; empty if it is none of the cluster
 * @param port its port
 */
record RegistryPlace(Optional<HostView> host, int port) {
  /**
   * As the image and the configuration files of the spec say; on the initial control plane if they
   * say nothing.
   */
  static RegistryPlace of(Situation situation) {
    RegistrySettings settings = settings(situation);
    Optional<HostView> named =
        situation.hosts().stream()
            .filter(
                view ->
                    settings
                        .host()
                        .filter(host -> host.host().equals(view.address().host()))
                        .isPresent())
            .findFirst();
    Optional<HostView> host =
        settings.host().isPresent() ? named : situation.controlPlanes().stream().findFirst();
    return new RegistryPlace(host, settings.port());
  }

  static RegistrySettings settings(Situation situation) {
    return RegistrySettings.of(path -> text(situation, path), situation.spec());
  }

  private static Optional<String> text(Situation situation, RootfsPath path) {
    return situation.hosts().stream()
        .findFirst()
        .flatMap(view -> Images.files(situation, view))
        .flatMap(files -> files.text(path.value()));
  }

  boolean is(HostView view) {
    return host.filter(view::equals).isPresent();
  }
}
