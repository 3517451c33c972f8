package cloud.sealer.core.trust;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Referrer;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Relocation;
import cloud.sealer.sdk.SbomFormat;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SignOptions;
import cloud.sealer.sdk.SignatureCheck;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is attached to container images arrives with them in somebody's own registry. */
@Timeout(60)
class RelocatedSignaturesIT {
  @TempDir private Path work;
  private final EmbeddedRegistry origin = EmbeddedRegistry.start();
  private final EmbeddedRegistry target = EmbeddedRegistry.start();
  private TestKeys keys;
  private Sealer publisher;
  private Sealer sealer;

  @BeforeEach
  void open() throws IOException {
    keys = TestKeys.ec(work, "release");
    publisher = sealer("publisher");
    sealer = sealer("store");
  }

  private Sealer sealer(String store) {
    return Sealer.builder()
        .store(work.resolve(store))
        .registries(
            RegistryOptions.builder()
                .plainHttp(origin.address())
                .plainHttp(target.address())
                .build())
        .build();
  }

  @AfterEach
  void close() {
    publisher.close();
    sealer.close();
    origin.close();
    target.close();
  }

  /** Signs a container image at its registry as its publisher does, with a bill of materials. */
  private List<Referrer> publish(String name) {
    publisher.images().pull(name, EventListener.NONE);
    publisher.trust().sign(name, SignOptions.key(keys.privateKey()).build(), EventListener.NONE);
    publisher.trust().attachSbom(name, SbomFormat.SPDX, EventListener.NONE);
    publisher.images().push(name, EventListener.NONE);
    return publisher.trust().referrers(name);
  }

  private Relocation relocate(String name, EventListener listener) {
    sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .kubefile(Kubefile.parse("FROM scratch\nCOPY imageList manifests\n"))
                .context(BuildContext.inMemory().file("imageList", name).build())
                .name("app:v1")
                .build());
    return sealer.images().relocate("app:v1", target.address() + "/mirror", listener).get(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void signaturesAndReferrersComeAlong(boolean referrersApi) {
    if (!referrersApi) {
      target.faults().status(404).onMethod("GET").onPath(".*/referrers/.*");
    }
    ContainerImages.of("team/web", "1").randomLayer(1000, 1).build().putInto(origin);
    String name = origin.address() + "/team/web:1";
    List<Referrer> attached = publish(name);
    assertThat(attached).hasSize(2);

    String moved = relocate(name, EventListener.NONE).to().toString();
    SignatureCheck check = SignatureCheck.key(keys.publicKey()).build();
    assertThat(sealer.trust().verifyRemote(moved, check, EventListener.NONE).trusted()).isTrue();
    assertThat(target.tags("mirror/team/web")).hasSize(referrersApi ? 2 : 3);
    try (Sealer user = sealer("user")) {
      user.images().pull(moved, EventListener.NONE);
      assertThat(user.trust().referrers(moved))
          .extracting(Referrer::descriptor)
          .containsExactlyElementsOf(attached.stream().map(Referrer::descriptor).toList());
    }

    target.clearRequests();
    relocate(name, EventListener.NONE);
    assertThat(target.requests()).noneMatch(request -> request.method().equals("PUT"));
  }

  @Test
  void whatIsAttachedToAnIndexThatIsNotWholeIsSaidToStayBehind() {
    ContainerImages.of("team/multi", "1")
        .randomLayer(1000, 1)
        .platforms(Platform.LINUX_AMD64, Platform.LINUX_ARM64)
        .build()
        .putInto(origin);
    String name = origin.address() + "/team/multi:1";
    publish(name);
    List<String> notices = new ArrayList<>();
    EventListener listener =
        event -> {
          if (event instanceof Event.Notice notice) {
            notices.add(notice.message());
          }
        };
    Relocation moved = relocate(name, listener);
    assertThat(moved.digest()).isNotEqualTo(moved.original());
    assertThat(notices)
        .singleElement()
        .asString()
        .contains(moved.original().toString(), "is left out");
    // Its one platform is what was signed too.
    assertThat(target.tags("mirror/team/multi")).hasSize(2).contains("1");
  }
}
