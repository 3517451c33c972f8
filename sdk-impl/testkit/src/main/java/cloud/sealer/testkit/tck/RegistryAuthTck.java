package cloud.sealer.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.ImageFixture;
import cloud.sealer.testkit.RecordingTask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Checks how a {@link RegistryClient} proves who it is: by name and password, by bearer token, by
 * identity token; and that it tells its secrets to nobody else.
 */
@Timeout(60)
public abstract class RegistryAuthTck {
  private static final String SECRET = "s3cret-pass";
  private static final Credentials USER = Credentials.basic("anna", SECRET);
  private static final ImageFixture IMAGE =
      ContainerImages.of("team/app", "v1").randomLayer(100_000, 3).build();
  private static final Descriptor LAYER = IMAGE.layers().get(0);

  private final RecordingTask task = new RecordingTask();

  /** For subclasses. */
  protected RegistryAuthTck() {}

  /**
   * Makes a client.
   *
   * @param options how to reach the registry, and who to be
   * @return a new client, closed by the tests
   */
  protected abstract RegistryClient client(RegistryOptions options);

  private RegistryClient client(EmbeddedRegistry registry, Credentials credentials) {
    return client(
        RegistryClientTck.options(registry.address())
            .credentials(
                asked ->
                    asked.equals(registry.address()) ? Optional.of(credentials) : Optional.empty())
            .build());
  }

  private static EmbeddedRegistry basic() {
    return filled(EmbeddedRegistry.builder().basicAuth(USER));
  }

  private static EmbeddedRegistry bearer() {
    return filled(EmbeddedRegistry.builder().bearerAuth(USER, Duration.ofMinutes(5)));
  }

  private static EmbeddedRegistry filled(EmbeddedRegistry.Builder builder) {
    EmbeddedRegistry registry = builder.start();
    IMAGE.putInto(registry);
    return registry;
  }

  private int download(RegistryClient client, Reference name) throws IOException {
    try (RegistryClient.BlobStream stream = client.blob(name, LAYER, 0, task)) {
      return stream.body().readAllBytes().length;
    }
  }

  private void pullAndPush(EmbeddedRegistry registry, Credentials credentials) throws IOException {
    try (registry;
        RegistryClient client = client(registry, credentials)) {
      Reference name = IMAGE.reference(registry.address());
      assertThat(client.manifest(name, task).descriptor()).isEqualTo(IMAGE.descriptor());
      assertThat(download(client, name)).isEqualTo(LAYER.size());
      Reference other = Reference.parse(registry.address() + "/team/other:v1");
      assertThat(client.mount(other, LAYER.digest(), "team/app", task)).isTrue();
      byte[] bytes = {1, 2, 3};
      Descriptor blob = new Descriptor(LAYER.mediaType(), Tck.sha256(bytes), 3);
      client.putBlob(other, blob, () -> new ByteArrayInputStream(bytes), task);
      assertThat(registry.has("team/other", blob.digest())).isTrue();
      assertThat(client.tags(name, task)).containsExactly("v1");
    }
  }

  @TestFactory
  Stream<DynamicTest> goodCredentialsPullAndPush() {
    return Stream.of(
        DynamicTest.dynamicTest("basic", () -> pullAndPush(basic(), USER)),
        DynamicTest.dynamicTest("bearer", () -> pullAndPush(bearer(), USER)),
        DynamicTest.dynamicTest(
            "identity token", () -> pullAndPush(bearer(), Credentials.identityToken(SECRET))));
  }

  @TestFactory
  Stream<DynamicTest> wrongCredentialsAreRefused() {
    return Stream.of(
        DynamicTest.dynamicTest("basic", () -> assertRefused(basic())),
        DynamicTest.dynamicTest("bearer", () -> assertRefused(bearer())));
  }

  private void assertRefused(EmbeddedRegistry registry) {
    Credentials wrong = Credentials.basic("anna", "wr0ng-pass");
    try (registry;
        RegistryClient client = client(registry, wrong)) {
      Reference name = IMAGE.reference(registry.address());
      SealerException failure =
          Tck.failure(() -> client.manifest(name, task), ErrorCode.UNAUTHORIZED);
      assertThat(failure.getMessage() + failure.remedy() + failure.details())
          .contains(registry.address())
          .doesNotContain("wr0ng-pass");
      Tck.failure(() -> client.check(registry.address(), wrong), ErrorCode.UNAUTHORIZED);
      client.check(registry.address(), USER);
    }
  }

  @Test
  void anonymousMayPullWhatIsPublic() throws Exception {
    EmbeddedRegistry.Builder open =
        EmbeddedRegistry.builder().bearerAuth(USER, Duration.ofMinutes(5)).anonymousPull();
    try (EmbeddedRegistry registry = filled(open);
        RegistryClient client = client(RegistryClientTck.options(registry.address()).build())) {
      assertThat(download(client, IMAGE.reference(registry.address()))).isEqualTo(LAYER.size());
    }
  }

  @Test
  void expiredTokenIsRenewed() throws Exception {
    try (EmbeddedRegistry registry = bearer();
        RegistryClient client = client(registry, USER)) {
      Reference name = IMAGE.reference(registry.address());
      client.manifest(name, task);
      registry.faults().expireTokens();
      assertThat(download(client, name)).isEqualTo(LAYER.size());
      registry.faults().expireTokens();
      assertThat(client.hasBlob(name, LAYER.digest(), task)).isTrue();
    }
  }

  @Test
  void tokenIsUsedMoreThanOnce() throws Exception {
    try (EmbeddedRegistry registry = bearer();
        RegistryClient client = client(registry, USER)) {
      Reference name = IMAGE.reference(registry.address());
      for (int i = 0; i < 5; i++) {
        client.manifest(name, task);
      }
      assertThat(registry.requests().stream().filter(r -> r.path().equals("/token"))).hasSize(1);
    }
  }

  @Test
  void credentialsDoNotFollowARedirect() throws Exception {
    try (EmbeddedRegistry registry = basic();
        EmbeddedRegistry elsewhere = filled(EmbeddedRegistry.builder());
        RegistryClient client =
            client(
                RegistryClientTck.options(registry.address())
                    .plainHttp(elsewhere.address())
                    .credentials(
                        asked -> Optional.of(USER).filter(u -> asked.equals(registry.address())))
                    .build())) {
      Reference name = IMAGE.reference(registry.address());
      client.manifest(name, task);
      registry.faults().redirect("http://" + elsewhere.address()).onPath("/blobs/");
      assertThat(download(client, name)).isEqualTo(LAYER.size());
      assertThat(elsewhere.requests()).isNotEmpty().noneMatch(r -> r.authorized());
    }
  }
}
