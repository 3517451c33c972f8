package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saving and loading through the public API; the second store has nothing to begin with. */
class ImageArchiveTest {
  @TempDir private Path work;
  private Path archive;
  private Sealer first;
  private Sealer second;

  @BeforeEach
  void open() {
    archive = work.resolve("app.tar");
    first = Sealer.builder().store(work.resolve("first")).build();
    second = Sealer.builder().store(work.resolve("second")).build();
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  private static ClusterImage build(Sealer sealer, String text) {
    return sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .kubefile(Kubefile.parse("FROM scratch\nCOPY file etc\nCMD start\n"))
                .context(BuildContext.inMemory().file("file", text).build())
                .name("app:v1")
                .build())
        .image();
  }

  private SealerException refused() {
    SealerException failure =
        catchThrowableOfType(
            SealerException.class, () -> second.images().load(archive, EventListener.NONE));
    assertThat(failure).isNotNull();
    assertThat(second.images().list()).isEmpty();
    return failure;
  }

  /** Rewrites the files of the saved archive. */
  private void change(UnaryOperator<Map<String, byte[]>> change) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(Files.readAllBytes(archive)))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        files.put(e.getName(), tar.readAllBytes());
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : change.apply(files).entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), true);
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    }
    Files.write(archive, out.toByteArray());
  }

  private void changeIndex(UnaryOperator<String> change) throws IOException {
    change(
        files -> {
          String index = new String(files.get("index.json"), StandardCharsets.UTF_8);
          files.put("index.json", change.apply(index).getBytes(StandardCharsets.UTF_8));
          return files;
        });
  }

  private void save() {
    build(first, "content");
    first.images().save("app:v1", archive, EventListener.NONE);
  }

  @Test
  void aSavedImageIsTheSameAfterLoading() throws IOException {
    ClusterImage built = build(first, "content");
    first.images().save("app:v1", archive, EventListener.NONE);

    assertThat(second.images().load(archive, EventListener.NONE)).containsExactly(built);
    assertThat(second.images().inspect("app:v1")).isEqualTo(built);
    assertThat(second.images().verify("app:v1", EventListener.NONE).problems()).isEmpty();
    try (var files = Files.list(work)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("app.tar", "first", "second");
    }
  }

  @Test
  void aLinkStaysALinkAndADirectoryStaysADirectory() throws IOException {
    Path file = Files.writeString(work.resolve("file"), "old");
    archive = Files.createSymbolicLink(work.resolve("link"), file);
    save();
    assertThat(archive).isSymbolicLink();
    assertThat(second.images().load(file, EventListener.NONE)).hasSize(1);

    Path directory = Files.createDirectory(work.resolve("directory"));
    SealerException failure =
        catchThrowableOfType(
            SealerException.class,
            () -> first.images().save("app:v1", directory, EventListener.NONE));
    assertThat(failure).hasMessageContaining("is a directory");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void savingTwiceGivesTheSameBytes() throws IOException {
    save();
    byte[] once = Files.readAllBytes(archive);
    first.images().save("app:v1", archive, EventListener.NONE);
    assertThat(archive).hasBinaryContent(once);
  }

  @Test
  void aTruncatedArchiveIsRefusedAndTheWholeOneLoadsAfterwards() throws IOException {
    save();
    byte[] whole = Files.readAllBytes(archive);
    for (int length : new int[] {0, 700, whole.length / 3, whole.length / 2}) {
      Files.write(archive, Arrays.copyOf(whole, length));
      assertThat(refused().code()).isEqualTo(ErrorCode.INVALID_ARCHIVE);
    }
    Files.write(archive, whole);
    assertThat(second.images().load(archive, EventListener.NONE)).hasSize(1);
  }

  @Test
  void aBlobWithOtherBytesIsRefused() throws IOException {
    save();
    change(
        files -> {
          String blob =
              files.keySet().stream().filter(f -> f.startsWith("blobs/")).findFirst().orElseThrow();
          files.get(blob)[0] ^= 1;
          return files;
        });
    assertThat(refused().code()).isEqualTo(ErrorCode.DIGEST_MISMATCH);
  }

  @Test
  void aMissingBlobIsNamed() throws IOException {
    ClusterImage built = build(first, "content");
    first.images().save("app:v1", archive, EventListener.NONE);
    String layer = built.platforms().get(0).layers().get(0).digest().hex();
    change(
        files -> {
          files.remove("blobs/sha256/" + layer);
          return files;
        });
    SealerException failure = refused();
    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARCHIVE);
    assertThat(failure).hasMessageContaining(layer);
  }

  @Test
  void filesThatAreNoBlobsAreNeverWritten() throws IOException {
    save();
    change(
        files -> {
          files.put("../evil", new byte[] {1});
          files.put("/evil", new byte[] {1});
          files.put("blobs/sha256/../../evil", new byte[] {1});
          return files;
        });
    assertThat(second.images().load(archive, EventListener.NONE)).hasSize(1);
    try (var files = Files.walk(work)) {
      assertThat(files).noneMatch(file -> file.getFileName().toString().equals("evil"));
    }
  }

  @Test
  void anIndexThatLiesAboutASizeCostsNobodyABlob() throws IOException {
    save();
    ClusterImage kept = build(second, "content");
    changeIndex(index -> index.replaceAll("\"size\":\\d+", "\"size\":7"));

    SealerException failure =
        catchThrowableOfType(
            SealerException.class, () -> second.images().load(archive, EventListener.NONE));

    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARCHIVE);
    assertThat(second.images().inspect("app:v1")).isEqualTo(kept);
    assertThat(second.images().verify("app:v1", EventListener.NONE).problems()).isEmpty();
  }

  @Test
  void anImageWithoutANameMakesTheOthersNoHalfLoad() throws IOException {
    save();
    changeIndex(
        index -> {
          String entry = index.substring(index.indexOf('[') + 1, index.lastIndexOf(']'));
          String nameless = entry.replaceAll(",\"annotations\":\\{[^}]*}", "");
          return index.replace(entry, entry + "," + nameless);
        });
    SealerException failure = refused();
    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARCHIVE);
    assertThat(failure).hasMessageContaining("no name");
  }

  @Test
  void whatIsNoArchiveOrNotThereIsToldApart() throws IOException {
    assertThat(refused()).hasMessageContaining("no such file");
    Files.writeString(archive, "this is text, not a tar ".repeat(100));
    assertThat(refused().code()).isEqualTo(ErrorCode.INVALID_ARCHIVE);
  }
}
