package cloud.sealer.core.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.spi.LayerStore;
import com.google.common.hash.Hashing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobLayerTest {
  private static final byte[] CONTENT = "kubernetes ".repeat(100).getBytes(StandardCharsets.UTF_8);
  private static final Digest BLOB = Digest.sha256(Hashing.sha256().hashBytes(CONTENT).toString());
  private static final BlobLayer LAYER = BlobLayer.of(BLOB, CONTENT.length);

  @TempDir Path directory;
  private LayerFixture layers;

  @BeforeEach
  void open() {
    layers = new LayerFixture(directory.resolve("store"));
  }

  @AfterEach
  void close() {
    layers.close();
  }

  private static byte[] whole() {
    return ByteBuffer.allocate((int) LAYER.layerSize())
        .put(LAYER.prefix())
        .put(CONTENT)
        .put(LAYER.suffix())
        .array();
  }

  @Test
  void isARegistryTreeWithOneBlob() throws IOException {
    List<String> names = new ArrayList<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(whole()))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        names.add(e.getName());
        assertThat(e.getMode() & 07777).isEqualTo(e.isDirectory() ? 0755 : 0644);
        if (e.isFile()) {
          assertThat(tar.readAllBytes()).isEqualTo(CONTENT);
        }
      }
    }
    String root = "registry/docker/registry/v2/blobs/sha256/";
    String shard = root + BLOB.hex().substring(0, 2) + "/";
    assertThat(names)
        .containsExactly(
            "registry/",
            "registry/docker/",
            "registry/docker/registry/",
            "registry/docker/registry/v2/",
            "registry/docker/registry/v2/blobs/",
            root,
            shard,
            shard + BLOB.hex() + "/",
            shard + BLOB.hex() + "/data");
  }

  @Test
  void bytesNeverChange() {
    assertThat(Hashing.sha256().hashBytes(whole()))
        .hasToString("3afc5f52256c54f5111279998c0aba43f13c37737dd37fc5a8605d5190baca22");
  }

  @Test
  void isWhatALayerWriterWouldWrite() {
    List<cloud.sealer.sdk.spi.FileTree.Entry> entries = new ArrayList<>();
    String path =
        "registry/docker/registry/v2/blobs/sha256/" + BLOB.hex().substring(0, 2) + "/" + BLOB.hex();
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      entries.add(LayerFixture.directory(path.substring(0, slash)));
    }
    entries.add(LayerFixture.directory(path));
    entries.add(LayerFixture.file(path + "/data", new String(CONTENT, StandardCharsets.UTF_8)));

    assertThat(new LayerWriter(cloud.sealer.sdk.Compression.NONE, 0).diffId(entries).hex())
        .isEqualTo(Hashing.sha256().hashBytes(whole()).toString());
  }

  @Test
  void holdsHugeBlobsAndLongDigests() throws IOException {
    long size = 20_000_000_001L;
    BlobLayer huge = BlobLayer.of(new Digest("sha512", "ab".repeat(64)), size);

    assertThat(huge.layerSize()).isEqualTo(huge.prefix().length + size + huge.suffix().length);
    assertThat(huge.layerSize() % 512).isZero();
    TarArchiveEntry last = null;
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(huge.prefix()))) {
      for (TarArchiveEntry e = tar.getNextEntry();
          e != null && !e.isFile();
          e = tar.getNextEntry()) {
        last = e;
      }
      last = tar.getCurrentEntry();
    }
    assertThat(last.getSize()).isEqualTo(size);
    assertThat(last.getName())
        .isEqualTo("registry/docker/registry/v2/blobs/sha512/ab/" + "ab".repeat(64) + "/data");
  }

  @Test
  void aDownloadThatBrokeAnywhereIsContinued() throws IOException {
    byte[] whole = whole();
    String expected = Hashing.sha256().hashBytes(whole).toString();
    int prefix = LAYER.prefix().length;
    for (int broken = 0; broken <= whole.length; broken += 97) {
      try (LayerStore.BlobWriter writer = layers.session.write("k")) {
        writer.write(ByteBuffer.wrap(whole, 0, broken));
      }
      try (HashingBlobWriter writer = HashingBlobWriter.open(layers.session.write("k"), LAYER)) {
        int there = broken < prefix ? 0 : Math.min(broken - prefix, CONTENT.length);
        assertThat(writer.contentPosition()).isEqualTo(there);
        writer.write(CONTENT, there, CONTENT.length - there);
        assertThat(writer.contentDigest()).isEqualTo(BLOB);
        assertThat(writer.commit().hex()).isEqualTo(expected);
      }
      Digest layer = Digest.sha256(expected);
      try (var in = layers.store.open(layer)) {
        assertThat(in.readAllBytes()).isEqualTo(whole);
      }
      layers.store.evict(layer);
    }
  }

  @Test
  void whatBelongsToAnotherBlobIsThrownAway() throws IOException {
    byte[] other = Arrays.copyOf(whole(), 6000);
    other[4200]++;
    try (LayerStore.BlobWriter writer = layers.session.write("k")) {
      writer.write(ByteBuffer.wrap(other));
    }
    try (HashingBlobWriter writer = HashingBlobWriter.open(layers.session.write("k"), LAYER)) {
      assertThat(writer.contentPosition()).isZero();
    }
  }

  @Test
  void aPlainBlobIsContinuedAndRestarted() throws IOException {
    try (LayerStore.BlobWriter writer = layers.session.write("k")) {
      writer.write(ByteBuffer.wrap(CONTENT, 0, 300));
    }
    try (HashingBlobWriter writer = HashingBlobWriter.plain(layers.session.write("k"), BLOB)) {
      assertThat(writer.contentPosition()).isEqualTo(300);
      writer.restart();
      writer.write(CONTENT, 0, 500);
      assertThat(writer.contentDigest()).isNotEqualTo(BLOB);
      writer.write(CONTENT, 500, CONTENT.length - 500);
      assertThat(writer.contentDigest()).isEqualTo(BLOB);
      assertThat(writer.commit()).isEqualTo(BLOB);
    }
    assertThat(layers.store.size(BLOB)).hasValue(CONTENT.length);
  }

  @Test
  void anIncompleteBlobIsNotCommitted() throws IOException {
    try (HashingBlobWriter writer = HashingBlobWriter.open(layers.session.write("k"), LAYER)) {
      writer.write(CONTENT, 0, 10);
      assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> writer.write(CONTENT, 0, CONTENT.length))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
