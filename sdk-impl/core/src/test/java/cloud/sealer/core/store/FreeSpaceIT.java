package cloud.sealer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk of which half is reserved for root: ext4 reserves a twentieth if nobody says. */
@Tag("real")
@Timeout(60)
class FreeSpaceIT {
  private static final long MEGABYTE = 1 << 20;

  @TempDir private Path work;

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(List.of(command) + ": " + output).isZero();
  }

  @Test
  void whatIsReservedForRootIsFreeForRootOnly() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
    assumeTrue(Files.exists(Path.of("/dev/loop-control")), "there are no loop devices");
    Path image = work.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(16 * MEGABYTE);
    }
    Path disk = Files.createDirectory(work.resolve("disk"));
    run("mkfs.ext4", "-q", "-m", "50", image.toString());
    run("mount", "-o", "loop", image.toString(), disk.toString());
    try {
      FileStore store = Files.getFileStore(disk);
      long available = store.getUsableSpace();
      long reserved = store.getUnallocatedSpace() - available;
      assertThat(reserved).isGreaterThan(4 * MEGABYTE);
      Path ofUser = Files.createDirectory(disk.resolve("user"));
      Files.setAttribute(ofUser, "unix:uid", 1000);

      assertThatCode(() -> FreeSpace.require(disk.resolve("new"), available + MEGABYTE, "wait"))
          .doesNotThrowAnyException();
      assertThatThrownBy(() -> FreeSpace.require(disk, available + reserved + MEGABYTE, "wait"))
          .isInstanceOf(SealerException.class);
      assertThatThrownBy(() -> FreeSpace.require(ofUser, available + MEGABYTE, "wait"))
          .isInstanceOf(SealerException.class);
    } finally {
      run("umount", disk.toString());
    }
  }
}
