package cloud.sealer.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.VerifyReport;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.ImageFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline through the public API, with an embedded registry to collect from. */
@Timeout(120)
class LiteBuilderIT {
  private static final int LAYER = 300_000;

  @TempDir private Path work;
  private EmbeddedRegistry registry;
  private Sealer sealer;
  private final List<Event> events = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void open() {
    registry = EmbeddedRegistry.start();
    sealer = sealer(work.resolve("store"));
  }

  private Sealer sealer(Path store) {
    return Sealer.builder()
        .store(store)
        .registries(
            RegistryOptions.builder()
                .plainHttp(registry.address())
                .retryDelay(Duration.ofMillis(1))
                .build())
        .build();
  }

  @AfterEach
  void close() {
    sealer.close();
    registry.close();
  }

  private ImageFixture push(String name, String tag) {
    ImageFixture image =
        ContainerImages.of(name, tag)
            .file("etc/name", name + tag)
            .randomLayer(LAYER, (name + tag).hashCode())
            .build();
    image.putInto(registry);
    return image;
  }

  private BuildRequest.Builder request(String kubefile, BuildContext context) {
    return BuildRequest.builder()
        .kubefile(Kubefile.parse(kubefile))
        .context(context)
        .name("app:v1")
        .listener(events::add);
  }

  private BuildResult build(BuildRequest.Builder request) {
    return sealer.builder(BuildMode.LITE).build(request.build());
  }

  private SealerException failure(BuildRequest.Builder request) {
    SealerException failure = catchThrowableOfType(SealerException.class, () -> build(request));
    assertThat(failure).isNotNull();
    return failure;
  }

  private BuildContext imageList(String... images) {
    return BuildContext.inMemory().file("imageList", String.join("\n", images)).build();
  }

  private static final String COLLECT = "FROM scratch\nCOPY imageList manifests\n";

  private static ClusterImage.PlatformImage only(ClusterImage image) {
    assertThat(image.platforms()).hasSize(1);
    return image.platforms().get(0);
  }

  private long blobDownloads() {
    return registry.requests().stream().filter(EmbeddedRegistry.Request::isBlobDownload).count();
  }

  @Test
  void collectsWhatTheListNames() {
    push("team/web", "1");
    push("team/worker", "2");
    BuildResult result =
        build(
            request(
                COLLECT,
                imageList(
                    registry.address() + "/team/web:1", registry.address() + "/team/worker:2")));
    assertThat(only(result.image()).metadata().containerImages())
        .extracting(image -> image.reference().repository())
        .containsExactly("team/web", "team/worker");
    assertThat(result.downloadedBytes()).isGreaterThan(2L * LAYER);
    VerifyReport report = sealer.images().verify("app:v1", EventListener.NONE);
    assertThat(report.problems()).isEmpty();
  }

  @Test
  void anEqualSecondBuildExecutesAndDownloadsNothing() {
    push("team/web", "1");
    BuildRequest.Builder request =
        request(
            "FROM scratch\nCOPY imageList manifests\nRUN echo x > y\n",
            imageList(registry.address() + "/team/web:1"));
    BuildResult first = build(request);
    registry.clearRequests();
    events.clear();
    BuildResult second = build(request);
    assertThat(second.executed()).isZero();
    assertThat(second.cached()).isEqualTo(2);
    assertThat(second.downloadedBytes()).isZero();
    assertThat(second.image().digest()).isEqualTo(first.image().digest());
    assertThat(blobDownloads()).isZero();
    assertThat(outcomes()).containsExactly(Event.Outcome.CACHED, Event.Outcome.CACHED);
  }

  /** How each instruction ended, in order. */
  private List<Event.Outcome> outcomes() {
    List<Long> instructions =
        events.stream()
            .filter(Event.Started.class::isInstance)
            .map(Event.Started.class::cast)
            .filter(started -> started.kind() == Event.TaskKind.INSTRUCTION)
            .map(Event.Started::task)
            .toList();
    return events.stream()
        .filter(Event.Finished.class::isInstance)
        .map(Event.Finished.class::cast)
        .filter(finished -> instructions.contains(finished.task()))
        .map(Event.Finished::outcome)
        .toList();
  }

  @Test
  void aChangedFileRedoesOnlyWhatFollows() {
    String kubefile = "FROM scratch\nCOPY a .\nCOPY b .\nRUN cat a b > c\n";
    BuildContext context = BuildContext.inMemory().file("a", "1").file("b", "1").build();
    build(request(kubefile, context));
    events.clear();
    build(request(kubefile, BuildContext.inMemory().file("a", "1").file("b", "2").build()));
    assertThat(outcomes())
        .containsExactly(Event.Outcome.CACHED, Event.Outcome.DONE, Event.Outcome.DONE);
  }

  @Test
  void anArgumentRedoesOnlyTheInstructionsThatUseItAndWhatFollows() {
    String kubefile =
        "FROM scratch\nARG A=1\nARG B=1\nRUN echo a${A} > a\nRUN echo b${B} > b\nCMD run ${B}\n";
    BuildContext context = BuildContext.inMemory().build();
    build(request(kubefile, context));
    events.clear();
    BuildResult result = build(request(kubefile, context).arg("B", "2"));
    assertThat(outcomes()).containsExactly(Event.Outcome.CACHED, Event.Outcome.DONE);
    assertThat(only(result.image()).metadata().args()).containsEntry("B", "2");
    assertThat(only(result.image()).metadata().commands()).containsExactly("run ${B}");
  }

  @Test
  void noCacheExecutesEverything() {
    BuildRequest.Builder request =
        request("FROM scratch\nRUN echo x > y\n", BuildContext.inMemory().build());
    build(request);
    assertThat(build(request.cache(false)).executed()).isEqualTo(1);
  }

  @Test
  void valuesOfArgumentsThatNoCommandUsesStayOutOfTheImage() {
    BuildResult result =
        build(
            request(
                    "FROM scratch\nARG PASSWORD\nARG USER=me\nRUN test -n \"${PASSWORD}\" > out\n",
                    BuildContext.inMemory().build())
                .arg("PASSWORD", "s3cret-value"));
    assertThat(only(result.image()).metadata().args()).containsExactly(Map.entry("USER", "me"));
  }

  @Test
  void twoRegistriesCannotShareOneName() {
    push("team/web", "1");
    try (EmbeddedRegistry other = EmbeddedRegistry.start();
        Sealer both =
            Sealer.builder()
                .store(work.resolve("both"))
                .registries(
                    RegistryOptions.builder()
                        .plainHttp(registry.address())
                        .plainHttp(other.address())
                        .build())
                .build()) {
      ContainerImages.of("team/web", "1").file("etc/name", "other").build().putInto(other);
      BuildRequest request =
          request(
                  COLLECT,
                  imageList(registry.address() + "/team/web:1", other.address() + "/team/web:1"))
              .build();
      SealerException failure =
          catchThrowableOfType(
              SealerException.class, () -> both.builder(BuildMode.LITE).build(request));
      assertThat(failure.code()).isEqualTo(ErrorCode.IMAGE_COLLISION);
      assertThat(failure)
          .hasMessageContaining(registry.address())
          .hasMessageContaining(other.address());
      assertThat(both.images().list()).isEmpty();
    }
  }

  @Test
  void aMissingPlatformListsWhatThereIs() {
    push("team/web", "1");
    SealerException failure =
        failure(
            request(COLLECT, imageList(registry.address() + "/team/web:1"))
                .platform(Platform.LINUX_ARM64));
    assertThat(failure.code()).isEqualTo(ErrorCode.PLATFORM_NOT_FOUND);
    assertThat(failure)
        .hasMessageContaining("linux/arm64")
        .hasMessageContaining("linux/amd64")
        .hasMessageContaining("manifests/imageList");
  }

  @Test
  void aPinnedImageKeepsTagAndDigest() {
    ImageFixture pushed = push("team/web", "1");
    String pinned = registry.address() + "/team/web:1@" + pushed.digest();
    BuildResult result = build(request(COLLECT, imageList(pinned)));
    ContainerImage image = only(result.image()).metadata().containerImages().get(0);
    assertThat(image.reference()).isEqualTo(Reference.parse(pinned));
    assertThat(image.digest()).isEqualTo(pushed.digest());
  }

  @Test
  void aBrokenDownloadGoesOnByRange() {
    ImageFixture pushed = push("team/web", "1");
    Digest layer = pushed.layers().get(pushed.layers().size() - 1).digest();
    registry.faults().cutBlobAt(layer, 100_000).times(1);
    BuildResult result = build(request(COLLECT, imageList(registry.address() + "/team/web:1")));
    assertThat(sealer.images().verify("app:v1", EventListener.NONE).ok()).isTrue();
    assertThat(events).anyMatch(Event.Resumed.class::isInstance);
    assertThat(events).anyMatch(Event.Retried.class::isInstance);
    long sizes = pushed.layers().stream().mapToLong(blob -> blob.size()).sum();
    assertThat(result.downloadedBytes()).isEqualTo(sizes);
  }

  @Test
  void wrongBytesAreFetchedAgainOnce() {
    ImageFixture pushed = push("team/web", "1");
    Digest layer = pushed.layers().get(pushed.layers().size() - 1).digest();
    registry.faults().wrongBytes(layer).times(1);
    build(request(COLLECT, imageList(registry.address() + "/team/web:1")));
    assertThat(events)
        .filteredOn(Event.Evicted.class::isInstance)
        .singleElement()
        .satisfies(event -> assertThat(((Event.Evicted) event).digest()).isEqualTo(layer));
    assertThat(sealer.images().verify("app:v1", EventListener.NONE).ok()).isTrue();
  }

  @Test
  void bytesThatStayWrongFailAndNameNothing() {
    ImageFixture pushed = push("team/web", "1");
    Digest layer = pushed.layers().get(pushed.layers().size() - 1).digest();
    registry.faults().wrongBytes(layer);
    SealerException failure =
        failure(request(COLLECT, imageList(registry.address() + "/team/web:1")));
    assertThat(failure.code()).isEqualTo(ErrorCode.DIGEST_MISMATCH);
    assertThat(sealer.images().list()).isEmpty();
    registry.faults().clear();
    build(request(COLLECT, imageList(registry.address() + "/team/web:1")));
    assertThat(sealer.images().verify("app:v1", EventListener.NONE).ok()).isTrue();
  }

  @Test
  void anUnresolvedImageFailsUnlessAccepted() {
    BuildContext context = imageList("{{ .Values.image }}");
    SealerException failure = failure(request(COLLECT, context));
    assertThat(failure.code()).isEqualTo(ErrorCode.DISCOVERY_INCOMPLETE);
    assertThat(failure).hasMessageContaining("manifests/imageList");
    BuildResult result =
        build(
            request(COLLECT, context)
                .discovery(
                    new DiscoveryPolicy(
                        DiscoveryPolicy.Action.WARN,
                        DiscoveryPolicy.Action.WARN,
                        List.of(),
                        List.of())));
    assertThat(result.discovery().unresolved()).hasSize(1);
    assertThat(events).anyMatch(Event.Notice.class::isInstance);
  }

  @Test
  void anInterruptCancelsAndTheNextBuildWorks() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    AtomicReference<SealerException> failure = new AtomicReference<>();
    BuildRequest.Builder request =
        request("FROM scratch\nRUN echo started && sleep 100\n", BuildContext.inMemory().build())
            .listener(
                event -> {
                  if (event instanceof Event.Output) {
                    running.countDown();
                  }
                });
    Thread builder =
        new Thread(
            () -> {
              try {
                build(request);
              } catch (SealerException e) {
                if (Thread.currentThread().isInterrupted()) {
                  failure.set(e);
                }
              }
            });
    builder.start();
    assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
    builder.interrupt();
    builder.join(30_000);
    assertThat(failure.get()).isNotNull();
    assertThat(failure.get().code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(work.resolve("store/work"))
        .satisfiesAnyOf(
            path -> assertThat(path).doesNotExist(), path -> assertThat(path).isEmptyDirectory());
    build(request("FROM scratch\nRUN echo x > y\n", BuildContext.inMemory().build()));
    assertThat(sealer.images().verify("app:v1", EventListener.NONE).ok()).isTrue();
  }

  @Test
  void discoveryNeedsNoBaseUnlessACommandRunsOnIt() {
    BuildRequest request =
        request(
                "FROM no.such.registry.example/base:v1\nCOPY imageList manifests\n",
                imageList("nginx:1.21"))
            .build();
    assertThat(sealer.builder(BuildMode.LITE).discover(request).found())
        .extracting(found -> found.image().toString())
        .containsExactly("docker.io/library/nginx:1.21");
    assertThat(sealer.images().list()).isEmpty();
  }

  @Test
  void aSourceThatMatchesNothingIsToldWithItsPlace() {
    SealerException failure =
        failure(
            request(
                "FROM scratch\nCOPY manifest.yaml .\n",
                BuildContext.inMemory().file("manifests.yaml", "").build()));
    assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_NOT_FOUND);
    assertThat(failure.getMessage() + failure.remedy())
        .contains("Kubefile:2:1")
        .contains("manifests.yaml");
  }

  @Test
  void passwordsOfUrlsAreInNoEventAndNoHistory() throws Exception {
    push("team/one", "v1");
    String url = "http://user:s3cr3t@" + registry.address() + "/v2/team/one/manifests/v1";
    build(request("FROM scratch\nCOPY " + url + " etc\n", BuildContext.inMemory().build()));
    assertThat(events.toString()).contains("://***@").doesNotContain("s3cr3t");
    try (var files = Files.walk(work.resolve("store"))) {
      assertThat(files.filter(Files::isRegularFile))
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                      .doesNotContain("s3cr3t"));
    }
  }
}
