package cloud.sealer.core.build;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds that share a store, at the same time, in one process; two processes are the CLI's. */
@Timeout(120)
class TwoBuildsIT {
  private static final int BUILDS = 4;

  @TempDir Path directory;

  @Test
  void bothAreRightAndWhatTheyShareIsDownloadedOnce() throws Exception {
    try (EmbeddedRegistry registry = EmbeddedRegistry.start()) {
      ContainerImages.of("team/web", "1")
          .randomLayer(2 << 20, /* seed= */ 7)
          .build()
          .putInto(registry);
      List<CompletableFuture<ClusterImage>> builds = new ArrayList<>();
      for (int i = 0; i < BUILDS; i++) {
        String number = Integer.toString(i);
        builds.add(CompletableFuture.supplyAsync(() -> build(registry.address(), number)));
      }
      List<ClusterImage> images = new ArrayList<>();
      for (CompletableFuture<ClusterImage> build : builds) {
        images.add(build.get(100, TimeUnit.SECONDS));
      }

      assertThat(images).extracting(ClusterImage::digest).doesNotHaveDuplicates();
      assertThat(
              registry.requests().stream()
                  .filter(EmbeddedRegistry.Request::isBlobDownload)
                  .map(EmbeddedRegistry.Request::path))
          .doesNotHaveDuplicates();
    }
    try (Sealer sealer = Sealer.builder().store(directory.resolve("store")).build()) {
      for (int i = 0; i < BUILDS; i++) {
        assertThat(sealer.images().verify("app:" + i, EventListener.NONE).problems()).isEmpty();
      }
    }
  }

  /** A Sealer of its own, as another user of the store has. */
  private ClusterImage build(String registry, String number) {
    try (Sealer sealer =
        Sealer.builder()
            .store(directory.resolve("store"))
            .registries(RegistryOptions.builder().plainHttp(registry).build())
            .build()) {
      return sealer
          .builder(BuildMode.LITE)
          .build(
              BuildRequest.builder()
                  .kubefile(
                      Kubefile.parse("FROM scratch\nCOPY imageList manifests\nCOPY own etc\n"))
                  .context(
                      BuildContext.inMemory()
                          .file("imageList", registry + "/team/web:1")
                          .file("own", number)
                          .build())
                  .name("app:" + number)
                  .build())
          .image();
    }
  }
}
