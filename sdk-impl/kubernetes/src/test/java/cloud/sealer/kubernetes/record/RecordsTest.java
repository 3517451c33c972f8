package cloud.sealer.kubernetes.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.SshOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordsTest {
  private static final Digest DIGEST = Digest.parse("sha256:" + "0a".repeat(32));

  @TempDir Path directory;

  @Test
  void aHostRecordIsReadAsItWasWritten() {
    HostRecord record =
        HostRecord.EMPTY
            .withRootfs(DIGEST, List.of(DIGEST), List.of(DIGEST))
            .withHeld("a", "fingerprint", Instant.EPOCH)
            .withHeld("b", "other", Instant.EPOCH)
            .withBegun("b");
    assertThat(HostRecord.parse(record.toJson())).isEqualTo(record);
    assertThat(record.holds("a")).isTrue();
    assertThat(record.holds("b")).isFalse();
    assertThat(record.begun("b")).isTrue();
    assertThat(HostRecord.parse(HostRecord.EMPTY.toJson())).isEqualTo(HostRecord.EMPTY);
    assertThatThrownBy(() -> HostRecord.parse("{}")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> HostRecord.parse("{")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aClusterIsRecordedWithoutSecrets() throws Exception {
    ClusterRecords records = new ClusterRecords(directory.resolve("clusters"));
    assertThat(records.all()).isEmpty();
    ClusterSpec spec =
        ClusterSpec.builder("test")
            .image("test:v1")
            .ssh(SshOptions.builder().user("admin").password(Secret.of("hunter2")).build())
            .controlPlanes("10.0.0.1:2222")
            .build();
    ClusterState state =
        new ClusterState(
            spec,
            DIGEST,
            List.of(new ClusterState.Application(spec, DIGEST)),
            List.of(HostAddress.parse("10.0.0.1:2222")),
            true,
            Instant.EPOCH);

    records.save(state);

    Path file = directory.resolve("clusters/test/cluster.json");
    assertThat(Files.readString(file)).doesNotContain("hunter2");
    ClusterState read = records.require("test");
    assertThat(read.nodes()).isEqualTo(state.nodes());
    assertThat(read.image()).isEqualTo(DIGEST);
    assertThat(read.applications()).hasSize(1);
    assertThat(read.applications().get(0).image()).isEqualTo(DIGEST);
    assertThat(read.applications().get(0).spec().image()).isEqualTo("test:v1");
    assertThat(read.spec().ssh().user()).contains("admin");
    assertThat(read.spec().ssh().password()).isEmpty();
    assertThat(records.all()).containsExactly(read);
    Files.writeString(file, "{");
    assertThatThrownBy(() -> records.require("test"))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("cluster.json cannot be read");
    records.remove("test");
    assertThat(records.find("test")).isEmpty();
  }
}
