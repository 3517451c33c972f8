package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ArchiveOutput;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives in parts, archives of differences, and images that are used where they lie. */
@Timeout(60)
class ArchivesIT {
  private static final long PART = 30_000;

  @TempDir private Path work;
  private Shipyard yard;
  private Sealer first;
  private Sealer second;
  private Path parts;
  private Path file;

  @BeforeEach
  void open() {
    yard = new Shipyard(work);
    yard.container("team/web", "1", 1);
    yard.container("team/db", "2", 2);
    first = yard.sealer("first");
    second = yard.sealer("second");
    parts = work.resolve("parts");
    file = work.resolve("app.tar");
    yard.build("app:v1").pod("team/web:1").in(first);
    yard.build("app:v2").pod("team/web:1", "team/db:2").in(first);
  }

  @AfterEach
  void close() {
    yard.close();
  }

  private void saveParts() {
    first.images().save("app:v1", ArchiveOutput.parts(parts, PART), EventListener.NONE);
  }

  private SealerException refused(Path archive) {
    SealerException failure =
        catchThrowableOfType(
            SealerException.class, () -> second.images().load(archive, EventListener.NONE));
    assertThat(second.images().list()).isEmpty();
    return failure;
  }

  private void assertLoads(Path archive) {
    List<ClusterImage> loaded = second.images().load(archive, EventListener.NONE);
    assertThat(loaded).containsExactly(first.images().inspect("app:v1"));
    assertThat(second.images().verify("app:v1", EventListener.NONE).problems()).isEmpty();
  }

  @Test
  void partsAreFullButTheLastAndMakeTheSameFileAgain() throws IOException {
    saveParts();
    first.images().save("app:v1", file, EventListener.NONE);
    Path again = work.resolve("again.tar");
    long size = Files.size(file);
    try (Stream<Path> files = Files.list(parts);
        OutputStream out = Files.newOutputStream(again)) {
      List<Path> all =
          files.filter(f -> f.getFileName().toString().startsWith("part-")).sorted().toList();
      assertThat(all.get(0).getFileName()).hasToString("part-00001");
      assertThat(all).hasSize((int) ((size + PART - 1) / PART));
      for (Path part : all) {
        assertThat(Files.size(part)).isLessThanOrEqualTo(PART);
        Files.copy(part, out);
      }
    }
    assertThat(again).hasSameBinaryContentAs(file);
    assertThat(parts.resolve("parts.json")).content().contains("\"schemaVersion\"");
  }

  @Test
  void loadsFromTheDirectoryOrAnyPart() {
    saveParts();
    assertLoads(parts.resolve("part-00001"));
    assertLoads(parts);
  }

  @Test
  void aMissingPartIsNamed() throws IOException {
    saveParts();
    Files.delete(parts.resolve("part-00002"));
    SealerException failure = refused(parts);
    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARCHIVE);
    assertThat(failure.getMessage()).contains("part-00002", "missing");
    assertThat(failure.details()).containsEntry("part", "part-00002");
  }

  @Test
  void aDamagedPartIsNamed() throws IOException {
    saveParts();
    Path part = parts.resolve("part-00003");
    byte[] bytes = Files.readAllBytes(part);
    bytes[bytes.length / 2] ^= 1;
    Files.write(part, bytes);
    SealerException failure = refused(parts);
    assertThat(failure.getMessage()).contains("part-00003", "damaged");
    assertThat(failure.remedy()).contains("copy part-00003 again");
  }

  @Test
  void aDirectoryThatIsInUseIsNotWrittenTo() throws IOException {
    Files.createDirectories(parts);
    Files.writeString(parts.resolve("mine"), "mine");
    SealerException failure = catchThrowableOfType(SealerException.class, this::saveParts);
    assertThat(failure.getMessage()).contains("not empty");
    try (Stream<Path> files = Files.list(parts)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void anArchiveOfVeryManyEntriesLoadsButIsNotKeptInMemory() throws IOException {
    first.images().save("app:v1", file, EventListener.NONE);
    Path many = work.resolve("many.tar");
    try (InputStream in = Files.newInputStream(file);
        TarArchiveInputStream from = new TarArchiveInputStream(in);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(many));
        TarArchiveOutputStream to = new TarArchiveOutputStream(out)) {
      for (TarArchiveEntry entry = from.getNextEntry();
          entry != null;
          entry = from.getNextEntry()) {
        to.putArchiveEntry(entry);
        from.transferTo(to);
        to.closeArchiveEntry();
      }
      for (int i = 0; i < 70_000; i++) {
        to.putArchiveEntry(new TarArchiveEntry("empty-" + i));
        to.closeArchiveEntry();
      }
    }
    assertLoads(many);
    SealerException failure =
        catchThrowableOfType(SealerException.class, () -> yard.sealer("third", many));
    assertThat(failure).isNotNull();
    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARCHIVE);
    assertThat(failure.getMessage()).contains("bytes of headers");
  }

  /** Wraps the archive of the first image. */
  private Path compressed(String end) throws IOException {
    first.images().save("app:v1", file, EventListener.NONE);
    Path wrapped = work.resolve("app.tar." + end);
    try (OutputStream out = Files.newOutputStream(wrapped);
        OutputStream packed =
            end.equals("gz") ? new GZIPOutputStream(out) : new ZstdOutputStreamNoFinalizer(out)) {
      Files.copy(file, packed);
    }
    return wrapped;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "zst"})
  void aCompressedArchiveLoads(String end) throws IOException {
    assertLoads(compressed(end));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "zst"})
  void anImageIsUsedFromACompressedArchive(String end) throws IOException {
    Path archive = compressed(end);
    ClusterImage image = first.images().inspect("app:v1");
    try (Sealer straight = yard.sealer("third", archive)) {
      assertThat(straight.images().archived(archive)).containsExactly(image);
      assertThat(straight.images().inspect("app:v1")).isEqualTo(image);
      assertThat(straight.images().verify("app:v1", EventListener.NONE).problems()).isEmpty();
      straight.images().tag("app:v1", "kept:v1");
    }
    assertThat(work.resolve("third/work")).isEmptyDirectory();
    Sealer plain = yard.sealer("third");
    assertThat(plain.images().verify("kept:v1", EventListener.NONE).problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "zst"})
  void aCompressedArchiveThatIsCutOffLeavesNothing(String end) throws IOException {
    Path archive = compressed(end);
    byte[] bytes = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(bytes, bytes.length / 2));
    SealerException failure =
        catchThrowableOfType(SealerException.class, () -> yard.sealer("third", archive));
    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARCHIVE);
    assertThat(failure.getMessage()).contains(archive.toString());
    assertThat(work.resolve("third/work")).isEmptyDirectory();
    assertThat(refused(archive).code()).isEqualTo(ErrorCode.INVALID_ARCHIVE);
  }

  @Test
  void anArchiveOfDockerIsToldFromOthers() throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      byte[] bytes = "[{\"Config\":\"x.json\"}]".getBytes(StandardCharsets.UTF_8);
      TarArchiveEntry entry = new TarArchiveEntry("manifest.json");
      entry.setSize(bytes.length);
      tar.putArchiveEntry(entry);
      tar.write(bytes);
      tar.closeArchiveEntry();
    }
    SealerException failure = refused(file);
    assertThat(failure.getMessage()).contains("docker save");
    assertThat(failure.remedy()).contains("skopeo copy docker-archive:" + file);
  }

  @Test
  void aDeltaMakesTheNewImageOfTheOldOneBitForBit() throws IOException {
    first.images().save("app:v1", file, EventListener.NONE);
    second.images().load(file, EventListener.NONE);
    Path delta = work.resolve("delta.tar");
    first.images().delta("app:v1", "app:v2", ArchiveOutput.file(delta), EventListener.NONE);
    long added = first.images().diff("app:v1", "app:v2", EventListener.NONE).addedBytes();
    assertThat(Files.size(delta)).isBetween(added, added + 40_000);

    List<ClusterImage> loaded = second.images().load(delta, EventListener.NONE);
    assertThat(loaded).containsExactly(first.images().inspect("app:v2"));
    assertThat(second.images().verify("app:v2", EventListener.NONE).problems()).isEmpty();
    Path one = work.resolve("one.tar");
    Path other = work.resolve("other.tar");
    first.images().save("app:v2", one, EventListener.NONE);
    second.images().save("app:v2", other, EventListener.NONE);
    assertThat(other).hasSameBinaryContentAs(one);
  }

  @Test
  void aDeltaWithoutItsBaseNamesTheDigestAndChangesNothing() throws IOException {
    first.images().delta("app:v1", "app:v2", ArchiveOutput.parts(parts, PART), EventListener.NONE);
    SealerException failure = refused(parts);
    String base = first.images().inspect("app:v1").digest().toString();
    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARCHIVE);
    assertThat(failure.getMessage()).contains("delta", "app:v1", base);
    assertThat(failure.details()).containsEntry("digest", base);
    try (Stream<Path> blobs = Files.list(work.resolve("second/blobs/sha256"))) {
      assertThat(blobs).isEmpty();
    }
  }

  @Test
  void anImageIsUsedStraightFromAnArchiveInParts() throws IOException {
    saveParts();
    Sealer straight = yard.sealer("third", parts);
    ClusterImage image = first.images().inspect("app:v1");
    assertThat(straight.images().archived(parts)).containsExactly(image);
    assertThat(straight.images().inspect("app:v1")).isEqualTo(image);
    assertThat(straight.images().verify("app:v1", EventListener.NONE).problems()).isEmpty();
    String remote = yard.name("cluster/app:v1");
    try (Stream<Path> blobs = Files.list(work.resolve("third/blobs/sha256"))) {
      assertThat(blobs).isEmpty();
    }
    // What gets a name in the store is copied into it, whole.
    straight.images().tag("app:v1", remote);
    Sealer plain = yard.sealer("third");
    assertThat(plain.images().verify(remote, EventListener.NONE).problems()).isEmpty();
    assertThat(plain.images().inspect(remote).digest()).isEqualTo(image.digest());
  }

  @Test
  void aBuildOnAnImageInAnArchiveIsWholeWithoutIt() {
    first.images().save("app:v1", file, EventListener.NONE);
    Sealer straight = yard.sealer("third", file);
    yard.build("top:v1").kubefile("FROM app:v1\nCOPY x x\n").file("x", "x").in(straight);
    Sealer plain = yard.sealer("third");
    assertThat(plain.images().verify("top:v1", EventListener.NONE).problems()).isEmpty();
  }

  @Test
  void twoArchivesOfOneNameAreCompared() throws IOException {
    first.images().save("app:v1", file, EventListener.NONE);
    yard.build("app:v1").pod("team/db:2").in(first);
    Path newer = work.resolve("newer.tar");
    first.images().save("app:v1", newer, EventListener.NONE);
    Sealer straight = yard.sealer("third", file, newer);
    ClusterImage before = straight.images().archived(file).get(0);
    ClusterImage after = straight.images().archived(newer).get(0);
    assertThat(before.digest()).isNotEqualTo(after.digest());
    assertThat(
            straight
                .images()
                .diff(before.digest().toString(), after.digest().toString(), EventListener.NONE)
                .platforms()
                .get(0)
                .containerImages())
        .hasSize(2);
  }

  @Test
  void aDamagedArchiveIsFoundByVerify() throws IOException {
    first.images().save("app:v1", file, EventListener.NONE);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 60_000] ^= 1;
    Files.write(file, bytes);
    Sealer straight = yard.sealer("third", file);
    assertThat(straight.images().verify("app:v1", EventListener.NONE).problems()).isNotEmpty();
  }
}
