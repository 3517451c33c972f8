package cloud.sealer.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryHost;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.ImageFixture;
import cloud.sealer.testkit.RecordingListener;
import cloud.sealer.testkit.RecordingTask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mirrors are asked first, trusted for nothing, and passed over when they fail. */
@Timeout(60)
class MirrorIT {
  private static final String HUB = "hub.example";

  @TempDir Path work;
  private final RecordingTask task = new RecordingTask();
  private final RecordingListener listener = new RecordingListener();
  private EmbeddedRegistry mirror;
  private EmbeddedRegistry origin;
  private ImageFixture image;
  private ImageFixture mirrored;

  @BeforeEach
  void start() {
    mirror = EmbeddedRegistry.start();
    origin = EmbeddedRegistry.start();
    image = ContainerImages.of("team/web", "1").randomLayer(400_000, 7).build();
    mirrored = ContainerImages.of("cache/team/web", "1").randomLayer(400_000, 7).build();
  }

  @AfterEach
  void stop() {
    mirror.close();
    origin.close();
  }

  private RegistryOptions.Builder options(String registry) {
    RegistryOptions.Builder options =
        RegistryOptions.builder()
            .plainHttp(mirror.address())
            .plainHttp(origin.address())
            .retryDelay(Duration.ofMillis(1));
    return options.host(options.host(registry).mirror(mirror.address() + "/cache").build());
  }

  private Sealer sealer(RegistryOptions options) {
    return Sealer.builder().store(work.resolve("store")).registries(options).build();
  }

  private void build(Sealer sealer, String registry) {
    sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .kubefile(Kubefile.parse("FROM scratch\nCOPY imageList manifests\n"))
                .context(
                    BuildContext.inMemory()
                        .file("imageList", image.reference(registry).toString())
                        .build())
                .name("app:v1")
                .listener(listener)
                .build());
  }

  @Test
  void theRegistryItselfIsNotAskedForWhatAMirrorHas() {
    mirrored.putInto(mirror);
    try (Sealer sealer = sealer(options(HUB).build())) {
      build(sealer, HUB); // there is no such host
      assertThat(sealer.images().inspect("app:v1").platforms().get(0).metadata().containerImages())
          .singleElement()
          .satisfies(found -> assertThat(found.reference()).isEqualTo(image.reference(HUB)));
      assertThat(listener.notices()).isEmpty();
    }
  }

  @Test
  void aMirrorThatDoesNotHaveItIsPassedOverWithOneNotice() {
    image.putInto(origin);
    try (Sealer sealer = sealer(options(origin.address()).build())) {
      build(sealer, origin.address());
      assertThat(sealer.images().verify("app:v1", EventListener.NONE).ok()).isTrue();
      assertThat(listener.notices())
          .singleElement()
          .asString()
          .contains("mirror " + mirror.address() + "/cache is passed over", "404");
    }
  }

  @Test
  void aMirrorThatFailsIsPassedOver() {
    image.putInto(origin);
    mirrored.putInto(mirror);
    mirror.faults().status(500);
    try (Sealer sealer = sealer(options(origin.address()).build())) {
      build(sealer, origin.address());
      assertThat(sealer.images().verify("app:v1", EventListener.NONE).ok()).isTrue();
    }
  }

  @Test
  void aMirrorThatIsGoneIsLeftAloneForAWhile() {
    image.putInto(origin);
    RegistryOptions options = options(origin.address()).build();
    mirror.close();
    try (HttpRegistryClient client = Samples.client(options)) {
      client.manifest(image.reference(origin.address()), task);
      int retries = task.retries().size();
      client.manifest(image.reference(origin.address()), task);
      assertThat(task.retries()).hasSize(retries);
      assertThat(task.notices()).hasSize(1);
    }
  }

  @Test
  void theBytesOfAMirrorThatBreakOffAreGoneOnWithFromTheRegistry() {
    image.putInto(origin);
    mirrored.putInto(mirror);
    mirror.faults().cutBlobAt(image.layers().get(0).digest(), 100_000);
    try (Sealer sealer = sealer(options(origin.address()).build())) {
      build(sealer, origin.address());
      assertThat(sealer.images().verify("app:v1", EventListener.NONE).ok()).isTrue();
      assertThat(listener.events(Event.Resumed.class))
          .singleElement()
          .satisfies(event -> assertThat(event.offset()).isEqualTo(100_000));
      assertThat(origin.requests())
          .anySatisfy(request -> assertThat(request.range()).isEqualTo("bytes=100000-"));
    }
  }

  @Test
  void wrongBytesOfAMirrorAreFetchedAgainFromTheRegistry() {
    image.putInto(origin);
    mirrored.putInto(mirror);
    mirror.faults().wrongBytes(image.layers().get(0).digest());
    try (Sealer sealer = sealer(options(origin.address()).build())) {
      build(sealer, origin.address());
      assertThat(sealer.images().verify("app:v1", EventListener.NONE).ok()).isTrue();
      assertThat(listener.events(Event.Evicted.class)).hasSize(1);
    }
  }

  @Test
  void whatNobodyHasIsSaidWithWhatTheMirrorSaid() {
    try (HttpRegistryClient client = Samples.client(options(origin.address()).build())) {
      Reference nowhere = Samples.reference(origin.address(), "no/such:1");
      SealerException e =
          catchThrowableOfType(SealerException.class, () -> client.manifest(nowhere, task));
      assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_NOT_FOUND);
      assertThat(e).hasMessageContaining("before that, mirror " + mirror.address() + "/cache");
      assertThat(client.head(nowhere, task)).isEmpty();
    }
  }

  @Test
  void credentialsOfTheRegistryDoNotGoToTheMirrorNorTheOtherWayRound() throws Exception {
    try (ScriptedServer curious =
        new ScriptedServer(
            (request, reply) ->
                reply.send(401, Map.of("WWW-Authenticate", "Basic realm=\"give me all\"")))) {
      image.putInto(origin);
      RegistryOptions.Builder options =
          RegistryOptions.builder()
              .plainHttp(curious.host())
              .plainHttp(origin.address())
              .credentials(
                  host ->
                      host.equals(origin.address())
                          ? Optional.of(Credentials.basic("ann", "secret"))
                          : Optional.empty());
      options.host(options.host(origin.address()).mirror(curious.host()).build());
      try (HttpRegistryClient client = Samples.client(options.build())) {
        client.manifest(image.reference(origin.address()), task);
      }
      assertThat(curious.requests)
          .isNotEmpty()
          .allSatisfy(request -> assertThat(request.header("authorization")).isEmpty());
    }
  }

  @Test
  void nothingIsPushedToAMirror() {
    image.putInto(origin);
    try (Sealer sealer = sealer(options(origin.address()).build())) {
      build(sealer, origin.address());
      mirror.clearRequests();
      sealer.images().tag("app:v1", origin.address() + "/team/app:v1");
      sealer.images().push(origin.address() + "/team/app:v1", EventListener.NONE);
      assertThat(mirror.requests()).isEmpty();
      assertThat(origin.tags("team/app")).containsExactly("v1");
    }
  }

  @Test
  void aMirrorIsWrittenWithoutScheme() {
    assertThat(RegistryHost.Mirror.parse("m.example:5000/hub/").toString())
        .isEqualTo("m.example:5000/hub");
    for (String bad : new String[] {"https://m.example", "", "m.example/UPPER", "/x"}) {
      assertThat(
              catchThrowableOfType(
                  IllegalArgumentException.class,
                  () -> RegistryHost.builder("docker.io").mirror(bad)))
          .isNotNull();
    }
  }
}
