package cloud.sealer.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.RecordingListener;
import cloud.sealer.testkit.SealerEnvironment;
import cloud.sealer.testkit.SealerTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What builds take from their base images, and what they leave alone. */
@SealerTest
@Timeout(60)
class BaseImagesIT {
  private SealerEnvironment environment;
  private EmbeddedRegistry registry;
  private Sealer sealer;

  @BeforeEach
  void open(SealerEnvironment environment) {
    this.environment = environment;
    registry = environment.registry();
    sealer = environment.sealer();
  }

  private String base() {
    return registry.address() + "/team/base:v1";
  }

  private BuildRequest.Builder request(String kubefile) {
    return BuildRequest.builder()
        .kubefile(Kubefile.parse(kubefile))
        .context(BuildContext.inMemory().file("file", "x").build())
        .name("app:v1");
  }

  private ClusterImage build(BuildRequest.Builder request) {
    return sealer.builder(BuildMode.LITE).build(request.build()).image();
  }

  private ClusterImage.Metadata metadata(BuildRequest.Builder request) {
    return build(request).platforms().get(0).metadata();
  }

  @Test
  void anImageBuiltOnAnotherHasItsLayersAndCommandsFirst() {
    ContainerImages.of("team/web", "1").file("etc/name", "web").build().putInto(registry);
    BuildContext context =
        BuildContext.inMemory()
            .file("imageList", registry.address() + "/team/web:1")
            .file("Metadata", "{\"version\": \"v1.20.2\", \"arch\": \"amd64\"}")
            .build();
    String kubefile = "FROM scratch\nCOPY imageList manifests\nCOPY Metadata .\nCMD one, two\n";
    build(request(kubefile).context(context).name("base:v1"));

    ClusterImage.Metadata metadata =
        metadata(request("ARG TAG=v1\nFROM base:${TAG}\nRUN cat Metadata > copy\nCMD three\n"));

    assertThat(metadata.commands()).containsExactly("one, two", "three");
    assertThat(metadata.kubernetesVersion()).contains("v1.20.2");
    assertThat(metadata.containerImages()).hasSize(1);
    assertThat(metadata.base()).contains("registry.cn-qingdao.aliyuncs.com/sealer-io/base:v1");
    ClusterImage.Metadata application =
        metadata(request("FROM base:v1\nCMD three\n").includeBase(false));
    assertThat(application.commands()).containsExactly("three");
    assertThat(application.containerImages()).isEmpty();
  }

  @Test
  void theVersionsOfKubernetesThatChartsAskForAreKept() {
    ImageDiscoverer charts =
        new ImageDiscoverer() {
          @Override
          public void discover(FileTree files, Sink sink) {
            files.entries().stream()
                .map(FileTree.Entry::path)
                .filter(path -> path.name().equals("Chart.yaml"))
                .forEach(
                    path ->
                        sink.needsKubernetes(
                            path.startsWith(RootfsPath.of("charts/web"))
                                ? ">=1.25.0-0"
                                : "<1.31.0-0",
                            path));
          }
        };
    try (Sealer discovering =
        Sealer.builder().store(environment.store()).imageDiscoverer(charts).build()) {
      sealer = discovering;
      BuildContext context =
          BuildContext.inMemory()
              .file("web/Chart.yaml", "name: web\n")
              .file("db/Chart.yaml", "name: db\n")
              .build();
      build(request("FROM scratch\nCOPY web charts/web\n").context(context).name("base:v1"));

      assertThat(metadata(request("FROM base:v1\nCOPY file opt\n")).kubernetesRange())
          .contains(">=1.25.0-0");
      assertThat(
              metadata(request("FROM base:v1\nCOPY db charts/db\n").context(context))
                  .kubernetesRange())
          .contains(">=1.25.0-0, <1.31.0-0");
      assertThat(metadata(request("FROM scratch\nCOPY file opt\n")).kubernetesRange()).isEmpty();
    }
  }

  @Test
  void aBaseThatIsNowhereIsOneClearError() {
    String base = registry.address() + "/no/such:v1";
    SealerException failure =
        catchThrowableOfType(
            SealerException.class, () -> build(request("FROM " + base + "\nCMD x\n")));
    assertThat(failure.code()).isEqualTo(ErrorCode.IMAGE_NOT_FOUND);
    assertThat(failure).hasMessageContaining("no/such:v1");
  }

  @Test
  void theFilesOfABaseThatAnotherToolMadeSayWhatItIs() {
    ContainerImages.of("team/base", "v1")
        .file("Metadata", "{\"version\": \"v1.19.8\", \"arch\": \"amd64\"}")
        .layer()
        .file("etc/Clusterfile", "kind: Cluster\n")
        .build()
        .putInto(registry);

    ClusterImage image = build(request("FROM " + base() + "\nCOPY file opt\n"));

    ClusterImage.Metadata metadata = image.platforms().get(0).metadata();
    assertThat(metadata.kubernetesVersion()).contains("v1.19.8");
    assertThat(metadata.clusterfile()).contains("kind: Cluster\n");
  }

  @Test
  void anImageThatExistsOnlyHereIsNotReplacedByThatOfAnotherPlatform() {
    ContainerImages.of("team/base", "v1")
        .platform(Platform.LINUX_ARM64)
        .file("etc/name", "arm")
        .build()
        .putInto(registry);
    ClusterImage local =
        build(request("FROM scratch\nCOPY file opt\n").name(base()).platform(Platform.LINUX_AMD64));

    ClusterImage image =
        build(request("FROM " + base() + "\nCOPY file opt\n").platform(Platform.LINUX_ARM64));

    assertThat(image.platforms().get(0).platform()).isEqualTo(Platform.LINUX_ARM64);
    assertThat(sealer.images().inspect(base())).isEqualTo(local);
  }

  @Test
  void aDamagedDocumentOfTheBaseIsNoSilentBuild() {
    ContainerImages.of("team/base", "v1").file("Metadata", "not json").build().putInto(registry);
    SealerException failure =
        catchThrowableOfType(
            SealerException.class, () -> build(request("FROM " + base() + "\nCOPY file opt\n")));
    assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONTEXT);
    assertThat(failure).hasMessageContaining("Metadata");
  }

  @Test
  void theValueOfAnArgumentIsNeitherInTheErrorNorInTheEvents() {
    RecordingListener listener = new RecordingListener();
    BuildRequest.Builder request =
        request("FROM scratch\nARG TOKEN\nRUN test -z \"${TOKEN}\"\n")
            .arg("TOKEN", "s3cret-value")
            .listener(listener);

    SealerException failure = catchThrowableOfType(SealerException.class, () -> build(request));

    assertThat(failure.code()).isEqualTo(ErrorCode.RUN_FAILED);
    assertThat(failure).hasMessageContaining("${TOKEN}");
    assertThat(failure.getMessage() + failure.remedy() + failure.details())
        .doesNotContain("s3cret");
    assertThat(listener.events()).extracting(Event::toString).noneMatch(e -> e.contains("s3cret"));
    assertThat(sealer.images().list()).isEmpty();
  }

  @Test
  void aBaseIsPulledOnceAndThenCached() {
    ContainerImages.of("team/base", "v1").file("etc/name", "x").build().putInto(registry);
    build(request("FROM " + base() + "\nCOPY file opt\n"));
    registry.clearRequests();
    build(request("FROM " + base() + "\nCOPY file opt\n"));
    assertThat(registry.requests()).isEmpty();
    assertThat(sealer.images().verify("app:v1", EventListener.NONE).ok()).isTrue();
  }
}
