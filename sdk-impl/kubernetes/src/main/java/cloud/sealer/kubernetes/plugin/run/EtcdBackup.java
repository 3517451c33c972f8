package cloud.sealer.kubernetes.plugin.run;

import cloud.sealer.kubernetes.plugin.EtcdSnapshot;
import cloud.sealer.kubernetes.runtime.Etcd;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A snapshot of etcd, in a file on this machine that only its user can read: it has every secret.
 */
final class EtcdBackup extends PluginStep {
  EtcdBackup(PluginSpec plugin, Phase phase, Host controlPlane) {
    super(plugin, phase, controlPlane);
  }

  @Override
  public boolean wholeCluster() {
    return true;
  }

  @Override
  void execute(StepContext context) {
    Path target = Path.of(EtcdSnapshot.of(plugin()).file());
    try {
      Path directory = target.toAbsolutePath().getParent();
      Files.createDirectories(directory);
      Path temporary =
          Files.createTempFile(
              directory,
              ".snapshot",
              ".new",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        try (OutputStream out = Files.newOutputStream(temporary)) {
          Etcd.snapshot(context.session(), out);
        }
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.PLUGIN_FAILED,
              "plugin " + plugin().name() + ": cannot write " + target + ": " + e.getMessage())
          .remedy("give a path on this machine that can be written")
          .cause(e)
          .build();
    }
  }
}
