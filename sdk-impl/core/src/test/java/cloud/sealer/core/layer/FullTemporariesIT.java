package cloud.sealer.core.layer;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.image.SmallDisk;
import cloud.sealer.core.store.StoreProcess;
import cloud.sealer.sdk.SealerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A full directory for temporary files, where zstd-jni unpacks its native part. */
@Tag("real")
@Timeout(60)
class FullTemporariesIT {
  private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0, 0, 0};

  @TempDir private Path work;

  @Test
  void theDirectoryAndTheRemedyAreNamed() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(work.resolve("tmp"), "64k")) {
      disk.fill();
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Djava.io.tmpdir=" + disk.path(),
                  "-cp",
                  StoreProcess.classPath(),
                  FullTemporariesIT.class.getName() + "$Reader")
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      assertThat(said)
          .contains("STORE_IO", "does not fit into " + disk.path() + ":", "No space left")
          .contains("-Djava.io.tmpdir=DIRECTORY");
      assertThat(disk.path().resolve("filler")).isRegularFile();
      assertThat(disk.path()).isDirectoryNotContaining("glob:**zstd*");
    }
  }

  /** Another process, as a library is unpacked once. */
  static final class Reader {
    private Reader() {}

    public static void main(String[] args) throws IOException {
      try {
        LayerReader.decompress(new ByteArrayInputStream(ZSTD)).close();
      } catch (SealerException e) {
        System.out.println(e.code() + " " + e.getMessage() + "\n" + e.remedy());
      }
    }
  }
}
