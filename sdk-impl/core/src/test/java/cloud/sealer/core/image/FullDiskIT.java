package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ArchiveOutput;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What certainly does not fit on a disk is refused before a byte of it is written. */
@Tag("real")
@Timeout(120)
class FullDiskIT {
  private static final long DISK = 64 * 1024;

  @TempDir private Path work;
  private Shipyard yard;
  private Sealer sealer;
  private SmallDisk disk;

  @BeforeEach
  void build() throws Exception {
    disk = SmallDisk.mount(work.resolve("disk"), "64k");
    yard = new Shipyard(work);
    yard.container("team/web", "1", 1);
    sealer = yard.sealer("store");
    yard.build(yard.name("cluster/app:v1")).pod("team/web:1").in(sealer);
  }

  @AfterEach
  void unmount() throws Exception {
    if (yard != null) {
      yard.close();
    }
    if (disk != null) {
      disk.close();
    }
  }

  private static SealerException refused(ThrowingCallable work) {
    SealerException failure = catchThrowableOfType(SealerException.class, work);
    assertThat(failure).isNotNull();
    assertThat(failure.code()).isEqualTo(ErrorCode.STORE_IO);
    long missing = Long.parseLong(failure.details().get("missing"));
    assertThat(missing).isBetween(Shipyard.LAYER - DISK, 3L * Shipyard.LAYER);
    assertThat(failure.getMessage()).contains("no space left", missing + " are missing");
    assertThat(failure.remedy()).startsWith("free space on that disk");
    return failure;
  }

  /** The bytes of what work left, documents of a few hundred bytes aside. */
  private long written() throws IOException {
    try (Stream<Path> files = Files.walk(disk.path())) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void aPullThatDoesNotFitWritesNoLayer() throws Exception {
    sealer.images().push(yard.name("cluster/app:v1"), EventListener.NONE);
    Sealer small = yard.sealer("disk/store");
    SealerException failure =
        refused(() -> small.images().pull(yard.name("cluster/app:v1"), EventListener.NONE));
    assertThat(failure.details()).containsEntry("path", disk.path().resolve("store").toString());
    assertThat(written()).isLessThan(10_000);
    assertThat(small.images().list()).isEmpty();

    disk.resize("4m");
    small.images().pull(yard.name("cluster/app:v1"), EventListener.NONE);
    assertThat(small.images().list()).hasSize(1);
  }

  @Test
  void aBuildDownloadsNothingThatDoesNotFit() throws Exception {
    Sealer small = yard.sealer("disk/store");
    refused(() -> yard.build("app:v1").pod("team/web:1").in(small));
    assertThat(written()).isLessThan(20_000);

    disk.resize("4m");
    yard.build("app:v1").pod("team/web:1").in(small);
    assertThat(small.images().list()).hasSize(1);
  }

  @Test
  void aSaveThatDoesNotFitLeavesNothing() {
    Path archive = disk.path().resolve("app.tar");
    ArchiveOutput whole = ArchiveOutput.file(archive);
    ArchiveOutput parts = ArchiveOutput.parts(disk.path().resolve("parts"), 10_000);
    refused(() -> sealer.images().save(yard.name("cluster/app:v1"), whole, EventListener.NONE));
    refused(() -> sealer.images().save(yard.name("cluster/app:v1"), parts, EventListener.NONE));
    assertThat(disk.path()).isEmptyDirectory();
  }

  @Test
  void aLoadThatDoesNotFitWritesNoBlob() throws Exception {
    Path archive = work.resolve("app.tar");
    sealer
        .images()
        .save(yard.name("cluster/app:v1"), ArchiveOutput.file(archive), EventListener.NONE);
    Sealer small = yard.sealer("disk/store");
    refused(() -> small.images().load(archive, EventListener.NONE));
    assertThat(written()).isLessThan(1000);

    disk.resize("4m");
    assertThat(small.images().load(archive, EventListener.NONE)).hasSize(1);
  }

  @Test
  void aCompressedArchiveIsNotUnpackedWhereItDoesNotFit() throws Exception {
    Path archive = work.resolve("app.tar");
    sealer
        .images()
        .save(yard.name("cluster/app:v1"), ArchiveOutput.file(archive), EventListener.NONE);
    Path compressed = work.resolve("app.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      Files.copy(archive, out);
    }
    refused(() -> yard.sealer("disk/store", compressed));
    assertThat(written()).isLessThan(20_000);

    disk.resize("4m");
    assertThat(yard.sealer("disk/store", compressed).images().archived(compressed)).hasSize(1);
  }

  @Test
  void aDiskThatFillsUpOnTheWayLeavesAPartThatIsContinued() throws Exception {
    // The whole size is not known before: files are compressed as they come.
    Sealer small = yard.sealer("disk/store");
    SealerException failure =
        catchThrowableOfType(
            SealerException.class, () -> yard.build("app:v1").file("large", noise()).in(small));
    assertThat(failure.code()).isEqualTo(ErrorCode.STORE_IO);
    assertThat(failure.getMessage()).contains("No space left");
    assertThat(failure.remedy()).contains("prune the store");
    assertThat(small.images().list()).isEmpty();

    disk.resize("4m");
    yard.build("app:v1").file("large", noise()).in(small);
    assertThat(small.images().list()).hasSize(1);
  }

  private static String noise() {
    StringBuilder text = new StringBuilder();
    new Random(7).ints(200_000, 33, 127).forEach(c -> text.append((char) c));
    return text.toString();
  }
}
