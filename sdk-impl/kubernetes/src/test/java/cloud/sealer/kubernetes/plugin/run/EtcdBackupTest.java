package cloud.sealer.kubernetes.plugin.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.kubernetes.step.ScriptedHost;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.SealerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdBackupTest {
  private static final String SNAPSHOT = "/var/lib/etcd/.sealer-snapshot.db";

  @TempDir Path directory;
  private final ScriptedHost host =
      ScriptedHost.of("10.0.0.1", "master")
          .answer("hostname", "machine-1\n")
          .file(SNAPSHOT, "a snapshot");

  private Path target() {
    return directory.resolve("backups/etcd.db");
  }

  private void run() {
    EtcdBackup step =
        new EtcdBackup(
            new PluginSpec(
                "backup", "ETCD", Set.of(PluginSpec.Phase.PRE_GUEST), "", target().toString()),
            PluginSpec.Phase.PRE_GUEST,
            host.view().host());
    step.run(host.context(step.name()));
  }

  @Test
  void theSnapshotIsHereForItsOwnerAndNoLongerOnTheHost() throws Exception {
    host.file("/etc/kubernetes/manifests/etcd.yaml", "kind: Pod\n");

    run();

    assertThat(target()).hasContent("a snapshot");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target())))
        .isEqualTo("rw-------");
    assertThat(host.titles())
        .anyMatch(title -> title.endsWith("snapshot save " + SNAPSHOT))
        .last()
        .asString()
        .startsWith("rm -f " + SNAPSHOT);
  }

  @Test
  void aSnapshotThatFailsLeavesTheOneOfBefore() throws Exception {
    host.file("/etc/kubernetes/manifests/etcd.yaml", "kind: Pod\n").fails("snapshot", "no space");
    Files.createDirectories(target().getParent());
    Files.writeString(target(), "of before");

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLUGIN_FAILED))
        .hasMessageContaining("plugin backup")
        .hasMessageContaining("no space");

    assertThat(target()).hasContent("of before");
    assertThat(target().getParent()).isDirectoryNotContaining("glob:**.new");
    assertThat(host.titles()).last().asString().startsWith("rm -f " + SNAPSHOT);
  }

  @Test
  void anEtcdElsewhereIsToldOf() {
    assertThatThrownBy(this::run)
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("10.0.0.1 has no member of etcd");
    assertThat(target()).doesNotExist();
  }
}
