package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Digest;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.ImageFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The finished program, killed in the middle of a download. */
@Timeout(180)
class KilledBuildIT {
  private static final long LAYER = 8_000_000;
  private static final long ENOUGH = 1_000_000;

  @TempDir private Path work;

  @Test
  void theNextBuildDownloadsOnlyTheRest() throws IOException, InterruptedException {
    try (EmbeddedRegistry registry = EmbeddedRegistry.start()) {
      ImageFixture image = ContainerImages.of("team/large", "1").randomLayer(LAYER, 7).build();
      image.putInto(registry);
      Path context = Files.createDirectories(work.resolve("context"));
      Files.writeString(context.resolve("imageList"), registry.address() + "/team/large:1\n");
      Files.writeString(context.resolve("Kubefile"), "FROM scratch\nCOPY imageList manifests\n");
      registry.faults().slow(ENOUGH);

      Program killed = Program.start(work, command(registry, context));
      awaitPartialDownload();
      killed.process().destroyForcibly();
      assertThat(killed.end().exit()).isNotZero();
      registry.faults().clear();
      registry.clearRequests();
      Program.run(work, command(registry, context)).succeeds();

      Digest layer = image.layers().get(0).digest();
      List<EmbeddedRegistry.Request> downloads =
          registry.requests().stream()
              .filter(EmbeddedRegistry.Request::isBlobDownload)
              .filter(request -> request.path().endsWith(layer.hex()))
              .toList();
      assertThat(downloads).singleElement().satisfies(this::startsInTheMiddle);
    }
    Program.run(work, Program.sealer(), "verify", "app:v1", "--store", work.resolve("store"))
        .succeeds();
  }

  private Object[] command(EmbeddedRegistry registry, Path context) {
    return new Object[] {
      Program.sealer(),
      "build",
      "-t",
      "app:v1",
      "--store",
      work.resolve("store"),
      "--plain-http",
      registry.address(),
      context
    };
  }

  private void startsInTheMiddle(EmbeddedRegistry.Request request) {
    assertThat(request.range()).startsWith("bytes=");
    assertThat(request.status()).isEqualTo(206);
    assertThat(request.sent()).isLessThan(LAYER - ENOUGH / 2);
  }

  private void awaitPartialDownload() throws IOException, InterruptedException {
    Path ingest = work.resolve("store/ingest");
    while (!Files.isDirectory(ingest) || largest(ingest) < ENOUGH) {
      Thread.sleep(20);
    }
  }

  private static long largest(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.mapToLong(file -> file.toFile().length()).max().orElse(0);
    }
  }
}
