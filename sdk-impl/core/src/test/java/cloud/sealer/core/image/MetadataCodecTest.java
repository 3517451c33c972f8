package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetadataCodecTest {
  private static final Digest DIGEST = Digest.sha256("a".repeat(64));

  @Test
  void readsWhatItWrote() {
    ContainerImage image =
        new ContainerImage(
            Reference.parse("quay.io/team/app:v1@" + DIGEST),
            DIGEST,
            Digest.sha256("b".repeat(64)),
            Platform.parse("linux/arm/v7"),
            123_456_789_012L,
            List.of("manifests/a.yaml"));
    List<String> commands =
        List.of("kubectl apply -f 'a b.yaml', then  more", "echo \"$HOME\" \\ ünïcode");
    ClusterImage.Metadata metadata =
        ClusterImage.Metadata.builder()
            .created(Instant.EPOCH)
            .base("example.com/kubernetes:v1", DIGEST)
            .args(Map.of("Version", "4.0.0", "List", "a,b"))
            .commands(commands)
            .kubernetesVersion("v1.20.2")
            .kubernetesRange(">=1.20.0-0 <1.30.0-0")
            .containerImages(List.of(image))
            .clusterfile("kind: Cluster\n")
            .build();
    ClusterImage.Metadata read = MetadataCodec.read(MetadataCodec.write(metadata), "manifest");
    assertThat(read.created()).contains(Instant.EPOCH);
    assertThat(read.base()).contains("example.com/kubernetes:v1");
    assertThat(read.baseDigest()).contains(DIGEST);
    assertThat(read.args()).isEqualTo(Map.of("Version", "4.0.0", "List", "a,b"));
    assertThat(read.commands()).isEqualTo(commands);
    assertThat(read.kubernetesVersion()).contains("v1.20.2");
    assertThat(read.kubernetesRange()).contains(">=1.20.0-0 <1.30.0-0");
    assertThat(read.containerImages()).containsExactly(image);
    assertThat(read.clusterfile()).contains("kind: Cluster\n");
  }

  @Test
  void anImageOfAnotherToolHasNoMetadata() {
    ClusterImage.Metadata read = MetadataCodec.read(Map.of("maintainer", "me"), "manifest");
    assertThat(read.commands()).isEmpty();
    assertThat(read.base()).isEmpty();
  }

  @Test
  void badAnnotationsAreOneClearError() {
    assertThatThrownBy(
            () -> MetadataCodec.read(Map.of(Annotations.COMMANDS, "[\"unclosed"), "manifest x"))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_UNSUPPORTED))
        .hasMessageContaining("manifest x has bad annotations");
  }
}
