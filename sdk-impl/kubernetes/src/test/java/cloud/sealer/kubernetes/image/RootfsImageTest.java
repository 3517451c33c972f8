package cloud.sealer.kubernetes.image;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.store.OciLayerStore;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootfsImageTest {
  @TempDir Path directory;

  private ClusterImage build(Sealer sealer) {
    sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .name("test:v1")
                .kubefile(Kubefile.parse("FROM scratch\nCOPY . .\n"))
                .context(
                    BuildContext.inMemory()
                        .file("etc/kubeadm.yml", "kind: A\n")
                        .file("charts/app/values.yaml.tmpl", "{{ .A }}")
                        .file("charts/app/values.yaml", "a: 1\n")
                        .file("bin/kubeadm", "binary")
                        .file("conf/own", "wanted")
                        .build())
                .build());
    return sealer.images().inspect("test:v1");
  }

  @Test
  void smallFilesAreReadOnceForAll() {
    try (Sealer sealer = Sealer.builder().store(directory).build();
        LayerStore store = new OciLayerStore(directory)) {
      ClusterImage image = build(sealer);
      for (int i = 0; i < 2; i++) {
        try (RootfsImage opened =
            RootfsImage.open(store, image, Set.of(RootfsPath.of("conf/own")))) {
          RootfsFiles files = opened.files(Platform.LINUX_AMD64);
          assertThat(files.text("etc/kubeadm.yml")).contains("kind: A\n");
          assertThat(files.text("conf/own")).contains("wanted");
          assertThat(files.below("charts")).hasSize(1);
          assertThat(files.has("etc")).isTrue();
          assertThat(files.has("bin/kubeadm")).isFalse();
          assertThat(files.text("etc")).isEmpty();
          if (i == 0) {
            // From now on the layer itself is not needed.
            Descriptor layer = opened.platform(Platform.LINUX_AMD64).layers().get(0);
            assertThat(opened.unpackedSize(layer))
                .isEqualTo(opened.unpackedSize(layer))
                .isPositive();
            damage(layer);
          }
        }
      }
    }
  }

  private void damage(Descriptor layer) {
    try {
      Path blob = directory.resolve("blobs/sha256").resolve(layer.digest().hex());
      Files.delete(blob);
      Files.write(blob, new byte[(int) layer.size()]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
