package cloud.sealer.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.ImageFixture;
import cloud.sealer.testkit.RecordingListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file {@code imageListWithAuth.yaml} of a context. */
@Timeout(60)
class ImageListWithAuthIT {
  private static final String PASSWORD = "pa55:word-of-the-list";
  private static final Credentials ANN = Credentials.basic("ann", PASSWORD);

  @TempDir Path work;
  private final RecordingListener listener = new RecordingListener();
  private EmbeddedRegistry registry;
  private EmbeddedRegistry tokens;
  private ImageFixture web;
  private ImageFixture database;

  @BeforeEach
  void start() {
    registry = EmbeddedRegistry.builder().basicAuth(ANN).start();
    tokens = EmbeddedRegistry.builder().bearerAuth(ANN, Duration.ofMinutes(5)).start();
    web = ContainerImages.of("team/web", "1").file("etc/web", "x").build();
    database = ContainerImages.of("team/db", "2").file("etc/db", "x").build();
    web.putInto(registry);
    database.putInto(tokens);
  }

  @AfterEach
  void stop() {
    registry.close();
    tokens.close();
  }

  private Sealer sealer() {
    return Sealer.builder()
        .store(work.resolve("store"))
        .registries(
            RegistryOptions.builder()
                .plainHttp(registry.address())
                .plainHttp(tokens.address())
                .attempts(2)
                .build())
        .build();
  }

  private String list() {
    return ("# two registries\n"
            + "- registry: %s\n  username: ann\n  password: '%s'\n  images:\n    - team/web:1\n"
            + "- registry: %s\n  username: ann\n  password: '%s'\n  images: [team/db:2]\n"
            + "- registry: unused.example\n")
        .formatted(registry.address(), PASSWORD, tokens.address(), PASSWORD);
  }

  private BuildRequest.Builder request(BuildContext context) {
    return BuildRequest.builder()
        .kubefile(Kubefile.parse("FROM scratch\nCOPY . .\n"))
        .context(context)
        .name("app:v1")
        .listener(listener);
  }

  private BuildContext directory() throws IOException {
    Path context = Files.createDirectories(work.resolve("context"));
    Files.writeString(context.resolve("imageListWithAuth.yaml"), list());
    Files.writeString(context.resolve("file"), "x");
    return BuildContext.directory(context);
  }

  @Test
  void itsImagesAreCollectedLikeAnyOthersAndItsPasswordsAreNowhere() throws IOException {
    try (Sealer sealer = sealer()) {
      BuildResult result = sealer.builder(BuildMode.LITE).build(request(directory()).build());

      assertThat(result.image().platforms().get(0).metadata().containerImages())
          .extracting(image -> image.reference())
          .containsExactlyInAnyOrder(
              web.reference(registry.address()), database.reference(tokens.address()));
      assertThat(sealer.images().verify("app:v1", EventListener.NONE).ok()).isTrue();
      assertThat(result.discovery().found())
          .filteredOn(found -> found.image().equals(web.reference(registry.address())))
          .singleElement()
          .satisfies(
              found ->
                  assertThat(found.origins())
                      .singleElement()
                      .satisfies(
                          origin -> {
                            assertThat(origin.toString()).isEqualTo("imageListWithAuth.yaml:6");
                            assertThat(origin.rule()).isEqualTo("image-list-with-auth");
                          }));
    }
    assertThat(listener.events()).extracting(Event::toString).noneMatch(e -> e.contains("pa55"));
    try (Stream<Path> files = Files.walk(work.resolve("store"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(content).doesNotContain("pa55");
        assertThat(file.toString()).doesNotContain("pa55");
      }
    }
  }

  @Test
  void theFileIsNotCopiedEvenFromAnArchiveOrInMemory() {
    BuildContext memory =
        BuildContext.inMemory()
            .file("imageListWithAuth.yaml", list())
            .file(".kubefileignore", "imageListWithAuth.yaml\n")
            .file("file", "x")
            .build();
    try (Sealer sealer = sealer()) {
      BuildResult result = sealer.builder(BuildMode.LITE).build(request(memory).build());
      assertThat(result.discovery().found()).hasSize(2);
      SealerException e =
          catchThrowableOfType(
              SealerException.class,
              () ->
                  sealer
                      .builder(BuildMode.LITE)
                      .build(
                          request(memory)
                              .kubefile(
                                  Kubefile.parse("FROM scratch\nCOPY imageListWithAuth.yaml .\n"))
                              .build()));
      assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_NOT_FOUND);
      assertThat(e.getMessage() + e.remedy()).contains("passwords");
    }
  }

  @Test
  void discoveryReportsItsImagesWithoutAskingARegistry() throws IOException {
    try (Sealer sealer = sealer()) {
      assertThat(sealer.builder(BuildMode.LITE).discover(request(directory()).build()).found())
          .extracting(found -> found.image().repository())
          .containsExactlyInAnyOrder("team/web", "team/db");
    }
    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void theWrongPasswordIsOneClearErrorWithoutIt() {
    BuildContext context =
        BuildContext.inMemory()
            .file("imageListWithAuth.yaml", list().replace(PASSWORD, "wr0ng-pa55"))
            .build();
    try (Sealer sealer = sealer()) {
      SealerException e =
          catchThrowableOfType(
              SealerException.class,
              () ->
                  sealer
                      .builder(BuildMode.LITE)
                      .build(
                          request(context)
                              .kubefile(Kubefile.parse("FROM scratch\nCMD x\n"))
                              .build()));
      assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
      assertThat(e).hasMessageContaining("imageListWithAuth.yaml:");
      assertThat(e.toString() + e.remedy() + e.details()).doesNotContain("wr0ng");
    }
    assertThat(listener.events()).extracting(Event::toString).noneMatch(t -> t.contains("wr0ng"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1|a: b\n",
        "1|- registry: r.example\n  username: ann\n  images: [a:1]\n",
        "3|- registry: r.example\n  username: ann\n  pasword: s3cret\n  images: [a:1]\n",
        "4|- registry: r.example\n  images:\n    - a:1\n    - 'B:1'\n",
        "2|- registry: r.example\n  username: {a: b}\n  password: [s3cret]\n  images: [a:1]\n",
        "2|-\n  registry: 'no registry'\n  images: [a:1]\n",
        "5|- registry: r.example\n  username: ann\n  password: s3cret\n  images:\n"
            + "    - other.example/a:1\n",
        "2|- registry: r.example\n  images: a:1\n",
        "8|- registry: r.example\n  username: ann\n  password: s3cret\n  images: [a:1]\n"
            + "- registry: r.example\n  username: bob\n  password: s3cret\n  images: [a:2]\n",
        "2|- registry: r.example\n  password: s3cret: x\n"
      })
  void aMistakeIsShownWithItsLineAndNoSecret(String lineAndText) {
    int line = Integer.parseInt(lineAndText.substring(0, 1));
    BuildContext context =
        BuildContext.inMemory().file("imageListWithAuth.yaml", lineAndText.substring(2)).build();
    try (Sealer sealer = sealer()) {
      SealerException e =
          catchThrowableOfType(
              SealerException.class,
              () -> sealer.builder(BuildMode.LITE).discover(request(context).build()));
      assertThat(e).as(lineAndText).isNotNull();
      assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONTEXT);
      assertThat(e.getMessage()).startsWith("imageListWithAuth.yaml:").contains(":" + line);
      assertThat(e.toString() + e.getCause()).doesNotContain("s3cret");
    }
  }

  @Test
  void aTokenThatExpiresWithinABlobIsReplacedAndTheBlobGoneOnWith() {
    ImageFixture large = ContainerImages.of("team/large", "1").randomLayer(500_000, 3).build();
    large.putInto(tokens);
    tokens.faults().cutBlobAt(large.layers().get(0).digest(), 200_000).times(1);
    BuildContext context =
        BuildContext.inMemory()
            .file("imageListWithAuth.yaml", list().replace("team/db:2", "team/large:1"))
            .build();
    EventListener expires =
        event -> {
          listener.onEvent(event);
          if (event instanceof Event.Retried) {
            tokens.faults().expireTokens();
          }
        };
    try (Sealer sealer = sealer()) {
      sealer
          .builder(BuildMode.LITE)
          .build(
              request(context)
                  .kubefile(Kubefile.parse("FROM scratch\nCMD x\n"))
                  .listener(expires)
                  .build());
      assertThat(sealer.images().verify("app:v1", EventListener.NONE).ok()).isTrue();
    }
    assertThat(listener.events(Event.Resumed.class))
        .singleElement()
        .satisfies(resumed -> assertThat(resumed.offset()).isEqualTo(200_000));
    assertThat(tokens.requests())
        .filteredOn(request -> request.status() == 401)
        .anySatisfy(request -> assertThat(request.range()).isEqualTo("bytes=200000-"));
  }

  @Test
  void aListWithoutPasswordUsesWhatTheOptionsKnow() {
    BuildContext context =
        BuildContext.inMemory()
            .file(
                "imageListWithAuth.yaml",
                "- registry: " + registry.address() + "\n  images: [team/web:1]\n")
            .build();
    try (Sealer sealer =
        Sealer.builder()
            .store(work.resolve("store"))
            .registries(
                RegistryOptions.builder()
                    .plainHttp(registry.address())
                    .credentials(host -> Optional.of(ANN))
                    .build())
            .build()) {
      assertThat(
              sealer
                  .builder(BuildMode.LITE)
                  .build(request(context).kubefile(Kubefile.parse("FROM scratch\nCMD x\n")).build())
                  .image()
                  .platforms()
                  .get(0)
                  .metadata()
                  .containerImages())
          .extracting(image -> image.files())
          .containsExactly(List.of("imageListWithAuth.yaml"));
    }
  }
}
