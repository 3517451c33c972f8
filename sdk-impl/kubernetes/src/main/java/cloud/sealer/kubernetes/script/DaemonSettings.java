package cloud.sealer.kubernetes.script;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.rootfs.DaemonJson;
import cloud.sealer.kubernetes.rootfs.RegistrySettings;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.spi.HostCommand;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

/** The settings of a docker that was on a host before, brought together with those of the image. */
final class DaemonSettings {
  private static final String EXISTING = "/etc/docker/daemon.json";
  private static final String DEFAULT_REGISTRY = "sea.hub:5000";

  private DaemonSettings() {}

  /**
   * Leaves the result in the rootfs for {@code init.sh}; nothing if one of both has no settings.
   */
  static void merge(StepContext context, RegistrySettings registry) {
    String image = read(context, context.paths().rootfs() + "/etc/daemon.json");
    String existing = read(context, EXISTING);
    if (image.isBlank() || existing.isBlank()) {
      return;
    }
    byte[] merged =
        DaemonJson.merge(
                existing, image.replace(DEFAULT_REGISTRY, registry.authority()), registry, true)
            .getBytes(StandardCharsets.UTF_8);
    context
        .session()
        .upload(
            context.paths().rootfs() + "/etc/daemon.merged.json",
            0644,
            () -> new ByteArrayInputStream(merged));
  }

  private static String read(StepContext context, String path) {
    return Commands.exec(
        context.session(),
        HostCommand.builder("if [ -f \"$FILE\" ]; then cat \"$FILE\"; fi")
            .title("read " + path)
            .environment("FILE", path)
            .build());
  }
}
