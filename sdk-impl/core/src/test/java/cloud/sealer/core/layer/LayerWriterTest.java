package cloud.sealer.core.layer;

import static cloud.sealer.core.layer.LayerFixture.directory;
import static cloud.sealer.core.layer.LayerFixture.file;
import static cloud.sealer.core.layer.LayerFixture.hardLink;
import static cloud.sealer.core.layer.LayerFixture.opaque;
import static cloud.sealer.core.layer.LayerFixture.symlink;
import static cloud.sealer.core.layer.LayerFixture.whiteout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import com.google.common.hash.Hashing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TimeZone;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerWriterTest {
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

  private static List<FileTree.Entry> sample() {
    return List.of(
        directory("bin"),
        file("bin/kubectl", 04755, "#!/bin/sh\n"),
        hardLink("bin/kubelet", "bin/kubectl"),
        symlink("bin/sh", "/bin/bash"),
        directory("empty"),
        file("etc/配置.yaml", "a: 1\n"),
        file("n/" + "long-name-".repeat(30), "x"),
        whiteout("old"),
        opaque("opaque"));
  }

  private static List<FileTree.Entry> large() {
    List<FileTree.Entry> entries = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      byte[] bytes = new byte[2_345_678 + i];
      long state = i;
      for (int j = 0; j < bytes.length; j++) {
        state = state * 6364136223846793005L + 1442695040888963407L;
        bytes[j] = (byte) ("kubernetes".charAt(j % 10) + (state >>> 61));
      }
      entries.add(
          FileTree.Entry.file(
              RootfsPath.of("f" + i), 0644, bytes.length, () -> new ByteArrayInputStream(bytes)));
    }
    return entries;
  }

  @Test
  void bytesOfALayerNeverChange() {
    WrittenLayer layer = layers.write(Compression.NONE, sample().toArray(FileTree.Entry[]::new));

    assertThat(layer.diffId())
        .hasToString("sha256:310836b9c3bdebd4410c4b051632836934d8932028356447f5d1c3107490cf09");
    assertThat(layer.descriptor().digest()).isEqualTo(layer.diffId());
    assertThat(layer.uncompressedSize()).isEqualTo(layer.descriptor().size()).isEqualTo(9728);
  }

  @Test
  void zstdBytesNeverChange() {
    WrittenLayer layer = layers.write(Compression.ZSTD, large().toArray(FileTree.Entry[]::new));

    assertThat(layer.descriptor().digest())
        .hasToString("sha256:368aed7121a1372249690129b4281850ee46cb0b35848c5f05ffb335c6fae73d");
    assertThat(layer.diffId())
        .hasToString("sha256:2abe221c0d7b50250db5481404472a2ee5aa990b3a6e960e05aca7d5fd42cc0d");
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void digestsDoNotDependOnTheNumberOfThreads(Compression compression) throws IOException {
    WrittenLayer one =
        new LayerWriter(compression, 7, 1).write(large(), layers.session, layers.task);
    for (int threads : new int[] {2, 4, 7}) {
      WrittenLayer other =
          new LayerWriter(compression, 7, threads).write(large(), layers.session, layers.task);
      assertThat(other).as("%d threads", threads).isEqualTo(one);
    }
    byte[] blob = layers.bytes(one.descriptor());
    assertThat(Hashing.sha256().hashBytes(blob)).hasToString(one.descriptor().digest().hex());
    assertThat(blob).hasSize((int) one.descriptor().size());
    assertThat(new LayerWriter(compression, 7).diffId(large())).isEqualTo(one.diffId());
  }

  @Test
  void orderTimeZoneAndFileTimesDoNotMatter() throws IOException {
    List<FileTree.Entry> shuffled = new ArrayList<>(sample());
    Collections.shuffle(shuffled, new Random(1));
    TimeZone zone = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Shanghai"));
      assertThat(new LayerWriter(Compression.ZSTD, 5).write(shuffled, layers.session, layers.task))
          .isEqualTo(
              new LayerWriter(Compression.ZSTD, 5).write(sample(), layers.session, layers.task));
    } finally {
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void headersHaveRootAsOwnerAndTheGivenTime() throws IOException {
    List<FileTree.Entry> entries = sample();
    WrittenLayer layer =
        new LayerWriter(Compression.NONE, 1_700_000_000)
            .write(entries, layers.session, layers.task);

    List<TarArchiveEntry> tar = layers.list(layer.descriptor());
    assertThat(tar)
        .extracting(TarArchiveEntry::getName)
        .containsExactly(
            "bin/",
            "bin/kubectl",
            "bin/kubelet",
            "bin/sh",
            "empty/",
            "etc/配置.yaml",
            "n/" + "long-name-".repeat(30),
            ".wh.old",
            "opaque/",
            "opaque/.wh..wh..opq");
    assertThat(tar)
        .allSatisfy(
            e -> {
              assertThat(e.getLongUserId() + e.getLongGroupId()).isZero();
              assertThat(e.getUserName() + e.getGroupName()).isEmpty();
              assertThat(e.getLastModifiedTime().toMillis()).isEqualTo(1_700_000_000_000L);
            });
    assertThat(tar.get(1).getMode() & 07777).isEqualTo(04755);
    assertThat(tar.get(2).getLinkName()).isEqualTo("bin/kubectl");
    assertThat(tar.get(2).isLink()).isTrue();
    assertThat(tar.get(3).getLinkName()).isEqualTo("/bin/bash");
    assertThat(tar.get(7).getSize() + (tar.get(7).getMode() & 07777)).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {-5, Long.MAX_VALUE})
  void timesThatTarCannotHoldAreClamped(long time) throws IOException {
    WrittenLayer layer =
        new LayerWriter(Compression.NONE, time)
            .write(List.of(file("a", "x")), layers.session, layers.task);

    assertThat(layers.list(layer.descriptor()).get(0).getLastModifiedTime().toMillis())
        .isEqualTo(time < 0 ? 0 : 077777777777L * 1000);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void aFileThatChangesIsNamed(int size) {
    FileTree.Entry entry =
        FileTree.Entry.file(
            RootfsPath.of("etc/moving"), 0644, size, () -> new ByteArrayInputStream(new byte[3]));

    assertThatThrownBy(() -> layers.write(Compression.ZSTD, entry))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONTEXT))
        .hasMessageContaining("etc/moving")
        .hasMessageContaining(size + " bytes");
    assertThat(directory.resolve("store/ingest")).isEmptyDirectory();
  }

  @Test
  void aFileThatIsGoneIsNamed() {
    FileTree.Entry entry =
        FileTree.Entry.file(
            RootfsPath.of("gone"),
            0644,
            3,
            () -> {
              throw new NoSuchFileException("/somewhere/gone");
            });

    assertThatThrownBy(() -> layers.write(Compression.GZIP, entry)).hasMessageContaining("gone");
  }

  @ParameterizedTest
  @ValueSource(strings = {".wh.a", "d/.wh..wh..opq", ".wh.d/f"})
  void aFileThatLooksLikeADeletionIsRefused(String path) {
    assertThatThrownBy(() -> layers.write(Compression.NONE, file(path, "")))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining(".wh.");
  }

  @Test
  void anInterruptCancelsAndKeepsTheFlag() throws IOException {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> new LayerWriter(Compression.ZSTD, 0).diffId(List.of(file("a", "x"))))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void equalDirectoriesGiveEqualLayers() throws IOException {
    List<WrittenLayer> written = new ArrayList<>();
    for (String name : List.of("one", "two")) {
      Path file = Files.createDirectories(directory.resolve(name)).resolve("f");
      Files.writeString(file, "same");
      Files.setLastModifiedTime(
          file, java.nio.file.attribute.FileTime.fromMillis(name.hashCode() * 1000L));
      written.add(
          layers.write(
              Compression.GZIP,
              FileTree.Entry.file(RootfsPath.of("f"), 0644, 4, () -> Files.newInputStream(file))));
    }
    assertThat(written.get(0)).isEqualTo(written.get(1));
  }
}
