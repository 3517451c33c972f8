package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.ImageFixture;
import cloud.sealer.testkit.RecordingListener;
import cloud.sealer.testkit.SealerEnvironment;
import cloud.sealer.testkit.SealerTest;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Push and pull through the public API against an embedded registry. */
@SealerTest
@Timeout(60)
class ImageTransferIT {
  private static final int LAYER = 200_000;

  private EmbeddedRegistry registry;
  private Sealer first;
  private Sealer second;

  @BeforeEach
  void open(SealerEnvironment environment) {
    registry = environment.registry();
    first = environment.sealer();
    second = environment.sealer("second");
  }

  private String name(String path) {
    return registry.address() + "/" + path;
  }

  private ClusterImage build(String name, String kubefile, String text) {
    return first
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .kubefile(Kubefile.parse(kubefile))
                .context(BuildContext.inMemory().file("file", text).build())
                .name(name(name))
                .build())
        .image();
  }

  private ClusterImage base() {
    return build("team/base:v1", "FROM scratch\nCOPY file etc\n", "base");
  }

  private List<EmbeddedRegistry.Request> requests(String method, String part) {
    return registry.requests().stream()
        .filter(request -> request.method().equals(method))
        .filter(request -> (request.path() + "?" + request.query()).contains(part))
        .toList();
  }

  @Test
  void aPushedImageIsTheSameAfterThePull() {
    ClusterImage built = base();
    assertThat(first.images().push(name("team/base:v1"), EventListener.NONE))
        .isEqualTo(built.digest());
    assertThat(second.images().pull(name("team/base:v1"), EventListener.NONE)).isEqualTo(built);
    assertThat(second.images().verify(name("team/base:v1"), EventListener.NONE).problems())
        .isEmpty();
  }

  @Test
  void whatTheOtherSideHasIsNotSentAgain() {
    base();
    first.images().push(name("team/base:v1"), EventListener.NONE);
    second.images().pull(name("team/base:v1"), EventListener.NONE);
    registry.clearRequests();

    first.images().push(name("team/base:v1"), EventListener.NONE);
    second.images().pull(name("team/base:v1"), EventListener.NONE);

    assertThat(requests("POST", "/blobs/")).isEmpty();
    assertThat(registry.requests()).noneMatch(EmbeddedRegistry.Request::isBlobDownload);
  }

  @Test
  void theLayersOfTheBaseAreMountedFromItsRepository() {
    Digest baseLayer = base().platforms().get(0).layers().get(0).digest();
    first.images().push(name("team/base:v1"), EventListener.NONE);
    build("team/app:v1", "FROM " + name("team/base:v1") + "\nCOPY file opt\n", "app");
    registry.clearRequests();

    first.images().push(name("team/app:v1"), EventListener.NONE);

    assertThat(requests("POST", baseLayer.hex())).hasSize(1);
    assertThat(registry.has("team/app", baseLayer)).isTrue();
    assertThat(requests("PUT", baseLayer.hex())).isEmpty();
  }

  @Test
  void aPushThatFailsTagsNothing() {
    base();
    registry.faults().status(500).onMethod("PUT").onPath(".*/manifests/v1");
    SealerException failure =
        catchThrowableOfType(
            SealerException.class,
            () -> first.images().push(name("team/base:v1"), EventListener.NONE));
    assertThat(failure.code()).isEqualTo(ErrorCode.REGISTRY_ERROR);
    assertThat(registry.tags("team/base")).isEmpty();
    registry.faults().clear();
    first.images().push(name("team/base:v1"), EventListener.NONE);
    assertThat(registry.tags("team/base")).containsExactly("v1");
  }

  @Test
  void aPullThatFailsNamesNothingAndTheNextGoesOn() {
    ImageFixture image = ContainerImages.of("team/web", "1").layer().randomLayer(LAYER, 5).build();
    image.putInto(registry);
    Digest layer = image.layers().get(image.layers().size() - 1).digest();
    registry.faults().cutBlobAt(layer, 50_000).times(1);
    registry.faults().status(503).onMethod("GET").onPath(layer.hex()).after(1);
    SealerException failure =
        catchThrowableOfType(
            SealerException.class,
            () -> first.images().pull(name("team/web:1"), EventListener.NONE));
    assertThat(failure.code()).isEqualTo(ErrorCode.REGISTRY_ERROR);
    assertThat(failure.retryable()).isTrue();
    assertThat(first.images().list()).isEmpty();

    registry.faults().clear();
    RecordingListener listener = new RecordingListener();
    first.images().pull(name("team/web:1"), listener);
    assertThat(listener.events()).anyMatch(Event.Resumed.class::isInstance);
    assertThat(first.images().verify(name("team/web:1"), EventListener.NONE).ok()).isTrue();
  }

  @Test
  void everyPlatformIsPulled() {
    ContainerImages.of("team/web", "1")
        .platforms(Platform.LINUX_AMD64, Platform.LINUX_ARM64)
        .file("etc/name", "web")
        .build()
        .putInto(registry);
    ClusterImage image = first.images().pull(name("team/web:1"), EventListener.NONE);
    assertThat(image.platforms())
        .extracting(ClusterImage.PlatformImage::platform)
        .containsExactly(Platform.LINUX_AMD64, Platform.LINUX_ARM64);
    assertThat(first.images().verify(name("team/web:1"), EventListener.NONE).ok()).isTrue();
  }
}
