package cloud.sealer.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Memory does not grow with what goes through an exec of a real docker engine. */
@Tag("real")
@Timeout(600)
class LargeUploadIT {
  private static final long SIZE = 500_000_000;
  private static final long HEAP = 64L << 20;

  @Test
  void anUploadOfHalfAGigabyteNeedsASmallHeap(@TempDir Path directory) throws Exception {
    try (Engine engine = Engine.start(directory)) {
      Path output = directory.resolve("upload");
      Process upload =
          new ProcessBuilder(
                  System.getProperty("java.home") + "/bin/java",
                  "-Xmx64m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  LargeUpload.class.getName(),
                  engine.address().toString(),
                  Long.toString(SIZE))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = upload.waitFor(8, TimeUnit.MINUTES);
      upload.destroyForcibly();
      String printed = Files.readString(output);
      assertThat(ended).as(printed).isTrue();
      assertThat(printed).contains("arrived " + SIZE);
      long heap =
          printed
              .lines()
              .filter(line -> line.startsWith("heap "))
              .mapToLong(line -> Long.parseLong(line.substring("heap ".length())))
              .findFirst()
              .orElseThrow();
      assertThat(heap).isLessThan(HEAP);
    }
  }
}
