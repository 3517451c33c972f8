package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Relocation;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Container images of a cluster image in somebody's own registry. */
@Timeout(60)
class RelocationIT {
  @TempDir private Path work;
  private Shipyard yard;
  private EmbeddedRegistry target;
  private Sealer sealer;

  @BeforeEach
  void open() {
    yard = new Shipyard(work);
    target = EmbeddedRegistry.start();
    sealer =
        Sealer.builder()
            .store(work.resolve("store"))
            .registries(
                RegistryOptions.builder()
                    .plainHttp(yard.registry.address())
                    .plainHttp(target.address())
                    .build())
            .build();
    yard.container("team/web", "1", 1);
    yard.container("team/copy", "1", 1); // the same layer
    ContainerImages.of("team/multi", "1")
        .randomLayer(Shipyard.LAYER, 5)
        .platforms(Platform.LINUX_AMD64, Platform.LINUX_ARM64)
        .build()
        .putInto(yard.registry);
    yard.build("app:v1").pod("team/web:1", "team/copy:1", "team/multi:1").in(sealer);
  }

  @AfterEach
  void close() {
    sealer.close();
    target.close();
    yard.close();
  }

  private List<Relocation> relocate() {
    return sealer.images().relocate("app:v1", target.address() + "/mirror", EventListener.NONE);
  }

  private Relocation of(List<Relocation> relocations, String repository) {
    return relocations.stream()
        .filter(relocation -> relocation.from().repository().equals(repository))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void eachHasItsRepositoryBelowThePrefixAndItsDigest() {
    List<Relocation> relocations = relocate();
    assertThat(relocations).hasSize(3);
    Relocation web = of(relocations, "team/web");
    assertThat(web.to()).isEqualTo(Reference.parse(target.address() + "/mirror/team/web:1"));
    assertThat(web.digest()).isEqualTo(web.original());
    // Built from the new names, it is the same image.
    Sealer other =
        Sealer.builder()
            .store(work.resolve("other"))
            .registries(RegistryOptions.builder().plainHttp(target.address()).build())
            .build();
    try (other) {
      assertThat(
              yard.build("app:v1")
                  .file("manifests/imageList", web.to() + "\n" + web.to().withDigest(web.digest()))
                  .in(other)
                  .lock()
                  .images()
                  .values())
          .containsOnly(web.digest());
    }
  }

  @Test
  void anIndexOfWhichSomePlatformsAreHereNamesOnlyThese() {
    Relocation multi = of(relocate(), "team/multi");
    assertThat(multi.digest()).isNotEqualTo(multi.original());
    try (Sealer other =
        Sealer.builder()
            .store(work.resolve("other"))
            .registries(RegistryOptions.builder().plainHttp(target.address()).build())
            .build()) {
      assertThat(
              yard.build("app:v1")
                  .file("manifests/imageList", multi.to().toString())
                  .in(other)
                  .lock()
                  .images()
                  .values())
          .containsOnly(multi.digest());
    }
  }

  @Test
  void aLayerThatTwoImagesShareIsSentOnceAndThenMounted() {
    List<Relocation> relocations = relocate();
    long sent = of(relocations, "team/web").sentBytes() + of(relocations, "team/copy").sentBytes();
    assertThat(sent).isBetween((long) Shipyard.LAYER, Shipyard.LAYER + 20_000L);
    assertThat(target.requests()).anyMatch(request -> request.toString().contains("mount="));
  }

  @Test
  void theSecondTimeNothingIsSent() {
    relocate();
    target.clearRequests();
    assertThat(relocate()).allMatch(relocation -> relocation.sentBytes() == 0);
    assertThat(target.requests()).noneMatch(request -> request.method().equals("PUT"));
  }

  @Test
  void aTargetThatIsNoneIsRefused() {
    SealerException failure =
        catchThrowableOfType(
            SealerException.class,
            () -> sealer.images().relocate("app:v1", "https://x/y", EventListener.NONE));
    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
  }
}
