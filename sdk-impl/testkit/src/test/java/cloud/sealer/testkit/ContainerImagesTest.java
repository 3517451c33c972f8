package cloud.sealer.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Platform;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerImagesTest {
  private static final Digest GOLDEN =
      Digest.sha256("fd2cde7f2c48d97e894966ca1870323c55c70c24a1c2ed89035d281bbb83d07a");

  private static ContainerImages.Builder base() {
    return ContainerImages.of("library/base", "1").file("etc/base", "base").layer();
  }

  @Test
  void digestsAreTheSameOnEveryMachine() {
    ImageFixture image =
        base()
            .randomLayer(100_000, 5)
            .platforms(Platform.LINUX_AMD64, Platform.LINUX_ARM64)
            .build();
    assertThat(image.digest()).isEqualTo(GOLDEN);
  }

  @Test
  void manifestNamesWhatTheImageHas() {
    ImageFixture image = base().file("b", "b").build();
    assertThat(image.descriptor().mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
    assertThat(image.manifests()).containsOnlyKeys(Platform.LINUX_AMD64);
    String manifest = new String(image.document(image.digest()), UTF_8);
    assertThat(image.blobs()).hasSize(3);
    for (Descriptor blob : image.blobs()) {
      assertThat(manifest).contains("\"digest\":\"" + blob.digest() + "\",\"size\":" + blob.size());
    }
    assertThat(image).hasToString("library/base:1@" + image.digest());
    assertThat(image.reference("127.0.0.1:5000")).hasToString("127.0.0.1:5000/library/base:1");
  }

  @Test
  void equalLayersAreShared() {
    Descriptor shared = base().build().layers().get(0);
    ImageFixture one =
        ContainerImages.of("a", "1").file("etc/base", "base").layer().file("x", "1").build();
    assertThat(one.layers()).hasSize(2).startsWith(shared);
    assertThat(base().file("x", "2").build().layers())
        .startsWith(shared)
        .isNotEqualTo(one.layers());
  }

  @Test
  void platformsShareAllLayersButOne() {
    Platform arm = Platform.parse("linux/arm/v7");
    ImageFixture image = base().platforms(Platform.LINUX_AMD64, arm).docker().build();
    assertThat(image.descriptor().mediaType()).isEqualTo(MediaType.DOCKER_MANIFEST_LIST);
    assertThat(image.manifests().keySet()).containsExactly(Platform.LINUX_AMD64, arm);
    assertThat(image.layers()).hasSize(3);
    String index = new String(image.document(image.digest()), UTF_8);
    assertThat(index)
        .contains("\"platform\":{\"architecture\":\"arm\",\"os\":\"linux\",\"variant\":\"v7\"}");
    for (Descriptor manifest : image.manifests().values()) {
      assertThat(manifest.mediaType()).isEqualTo(MediaType.DOCKER_MANIFEST);
      assertThat(index).contains(manifest.digest().toString());
    }
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {0, 1, 511, 512, 65_535 - 1024, 200_000})
  void layersAreGzipOfTar(int size) throws Exception {
    LayerFiles layer = new LayerFiles();
    layer.random("data/x", size, 9);
    ByteArrayOutputStream blob = new ByteArrayOutputStream();
    layer.writeTo(blob);
    LayerFiles.Written written = layer.measure(MediaType.OCI_LAYER_GZIP);
    assertThat(written.descriptor().digest()).isEqualTo(Hashing.sha256(blob.toByteArray()));
    assertThat(written.descriptor().size()).isEqualTo(blob.size());
    byte[] tar = new GZIPInputStream(new ByteArrayInputStream(blob.toByteArray())).readAllBytes();
    assertThat(written.diffId()).isEqualTo(Hashing.sha256(tar));
    assertThat(tar.length % 512).isZero();
    assertThat(new String(Arrays.copyOf(tar, 5), UTF_8)).isEqualTo("data/");
    assertThat(new String(Arrays.copyOfRange(tar, 512, 518), UTF_8)).isEqualTo("data/x");
  }

  @Test
  void mistakesAreRefused() {
    for (String path : List.of("", "/", "x".repeat(101))) {
      assertThatThrownBy(() -> base().file(path, "")).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> base().randomLayer(-1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> base().platforms()).isInstanceOf(IllegalArgumentException.class);
  }
}
