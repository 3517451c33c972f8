package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Sealer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is not a regular file, such as a device, is written to and never replaced. */
class SaveToPipeIT {
  @TempDir private Path work;

  @Test
  @Timeout(60)
  void aPipeIsWrittenTo() throws Exception {
    Path pipe = work.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path copy = work.resolve("copy.tar");
    Process reader =
        new ProcessBuilder("timeout", "30", "cat", pipe.toString())
            .redirectOutput(copy.toFile())
            .start();
    try (Sealer sealer = Sealer.builder().store(work.resolve("store")).build()) {
      sealer
          .builder(BuildMode.LITE)
          .build(
              BuildRequest.builder()
                  .kubefile(Kubefile.parse("FROM scratch\nCMD start\n"))
                  .context(BuildContext.inMemory().build())
                  .name("app:v1")
                  .build());
      sealer.images().save("app:v1", pipe, EventListener.NONE);
      assertThat(reader.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.isRegularFile(pipe)).isFalse();
      assertThat(sealer.images().load(copy, EventListener.NONE)).hasSize(1);
    } finally {
      reader.destroyForcibly();
    }
  }
}
