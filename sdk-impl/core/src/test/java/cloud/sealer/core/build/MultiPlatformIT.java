package cloud.sealer.core.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import cloud.sealer.core.layer.LayerFiles;
import cloud.sealer.core.layer.RegistryTree;
import cloud.sealer.core.store.OciLayerStore;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.PlatformPolicy;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.ImageFixture;
import cloud.sealer.testkit.SealerEnvironment;
import cloud.sealer.testkit.SealerTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Builds for several platforms. */
@SealerTest
@Timeout(60)
class MultiPlatformIT {
  private static final Platform S390X = Platform.parse("linux/s390x");
  private static final List<Platform> BOTH = List.of(Platform.LINUX_AMD64, Platform.LINUX_ARM64);

  private SealerEnvironment environment;
  private EmbeddedRegistry registry;
  private Sealer sealer;

  @BeforeEach
  void open(SealerEnvironment environment) {
    this.environment = environment;
    registry = environment.registry();
    sealer = environment.sealer();
  }

  private ImageFixture image(String repository, Platform... platforms) {
    ImageFixture image =
        ContainerImages.of(repository, "1")
            .file("etc/name", repository)
            .platforms(platforms)
            .build();
    image.putInto(registry);
    return image;
  }

  private BuildRequest.Builder request(String kubefile, String... images) {
    StringBuilder list = new StringBuilder();
    for (String image : images) {
      list.append(registry.address()).append('/').append(image).append('\n');
    }
    return BuildRequest.builder()
        .kubefile(Kubefile.parse(kubefile))
        .context(
            BuildContext.inMemory()
                .file("imageList", list.toString())
                .file("bin/amd64/tool", "for amd64")
                .file("bin/arm64/tool", "for arm64")
                .build())
        .name("app:v1")
        .platforms(BOTH);
  }

  private BuildResult build(BuildRequest.Builder request) {
    return sealer.builder(BuildMode.LITE).build(request.build());
  }

  private SealerException failure(BuildRequest.Builder request) {
    return catchThrowableOfType(SealerException.class, () -> build(request));
  }

  private static Set<Digest> layers(PlatformImage image) {
    Set<Digest> digests = new HashSet<>();
    image.layers().forEach(layer -> digests.add(layer.digest()));
    return digests;
  }

  /** The small files of an image, by path. */
  private Map<String, String> files(PlatformImage image) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (LayerStore store = new OciLayerStore(environment.store());
        LayerStore.Session session = store.session();
        FileTree tree =
            LayerFiles.open(
                store, LayerFiles.stored(image.layers()), path -> true, session.scratch())) {
      for (FileTree.Entry entry : tree.entries()) {
        FileTree.Content content = entry.content();
        if (content != null && entry.size() < 1 << 20) {
          try (InputStream in = content.open()) {
            files.put(entry.path().value(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
          }
        }
      }
    }
    return files;
  }

  private static String tag(Map<String, String> files, String repository) {
    return String.valueOf(
        files.get(
            RegistryTree.ROOT
                .resolve("repositories/" + repository + "/_manifests/tags/1/current/link")
                .value()));
  }

  private static JsonNode document(Map<String, String> files, Digest digest) throws IOException {
    return new ObjectMapper().readTree(files.get(RegistryTree.blob(digest).value()));
  }

  private static List<String> digests(JsonNode index) {
    List<String> digests = new ArrayList<>();
    index.path("manifests").forEach(entry -> digests.add(entry.path("digest").asText()));
    return digests;
  }

  @Test
  void oneIndexHasAManifestForEachPlatformAndCommonLayersOnce() {
    image("team/web", Platform.LINUX_AMD64, Platform.LINUX_ARM64);
    BuildResult result =
        build(request("FROM scratch\nCOPY imageList manifests\nCMD run it\n", "team/web:1"));
    ClusterImage image = result.image();
    assertThat(image.platforms().stream().map(PlatformImage::platform))
        .containsExactlyElementsOf(BOTH);
    PlatformImage amd64 = image.platforms().get(0);
    PlatformImage arm64 = image.platforms().get(1);
    Set<Digest> common = layers(amd64);
    common.retainAll(layers(arm64));
    assertThat(common).hasSize(3); // the COPY, the layer that both images have, the documents
    assertThat(layers(amd64)).hasSize(4);
    assertThat(amd64.metadata().commands()).containsExactly("run it");
    assertThat(result.missing()).isEmpty();
    assertThat(sealer.images().verify("app:v1", EventListener.NONE).problems()).isEmpty();
  }

  @Test
  void everyPlatformHasItsOwnContainerImages() {
    ImageFixture web = image("team/web", Platform.LINUX_AMD64, Platform.LINUX_ARM64);
    for (PlatformImage image :
        build(request("FROM scratch\nCOPY imageList manifests\n", "team/web:1"))
            .image()
            .platforms()) {
      ContainerImage container = image.metadata().containerImages().get(0);
      assertThat(container.platform()).isEqualTo(image.platform());
      assertThat(container.digest()).isEqualTo(web.digest());
      assertThat(container.manifest()).isEqualTo(web.manifests().get(image.platform()).digest());
    }
  }

  @Test
  void anIndexThatIsWholeIsServedAsItIs() throws IOException {
    ImageFixture web = image("team/web", Platform.LINUX_AMD64, Platform.LINUX_ARM64);
    ClusterImage image =
        build(request("FROM scratch\nCOPY imageList manifests\n", "team/web:1")).image();
    assertThat(tag(files(image.platforms().get(0)), "team/web")).isEqualTo(web.digest().toString());
  }

  @Test
  void aTagServesAnIndexOfWhatIsThereAndTheDigestTheOriginal() throws IOException {
    ImageFixture web = image("team/web", Platform.LINUX_AMD64, Platform.LINUX_ARM64, S390X);
    ClusterImage image =
        build(request("FROM scratch\nCOPY imageList manifests\n", "team/web:1")).image();
    assertThat(sealer.images().verify("app:v1", EventListener.NONE).problems()).isEmpty();
    Map<String, String> files = files(image.platforms().get(0));
    Digest served = Digest.parse(tag(files, "team/web"));
    assertThat(served).isNotEqualTo(web.digest());
    JsonNode subset = document(files, served);
    assertThat(digests(subset))
        .containsExactly(
            web.manifests().get(Platform.LINUX_AMD64).digest().toString(),
            web.manifests().get(Platform.LINUX_ARM64).digest().toString());
    assertThat(subset.path("annotations").path("cloud.sealer.original").asText())
        .isEqualTo(web.digest().toString());
    assertThat(digests(document(files, web.digest()))).hasSize(3);
    assertThat(files)
        .containsKey(
            RegistryTree.ROOT
                .resolve(
                    "repositories/team/web/_manifests/revisions/sha256/"
                        + web.digest().hex()
                        + "/link")
                .value());
  }

  @Test
  void whatLacksAPlatformFailsTheBuildAndAllOfItIsNamed() {
    image("team/old", Platform.LINUX_AMD64);
    image("team/older", Platform.LINUX_AMD64);
    SealerException e =
        failure(request("FROM scratch\nCOPY imageList manifests\n", "team/old:1", "team/older:1"));
    assertThat(e.code()).isEqualTo(ErrorCode.PLATFORM_NOT_FOUND);
    assertThat(e)
        .hasMessageContaining("team/old:1 is not available for linux/arm64")
        .hasMessageContaining("team/older:1 is not available for linux/arm64")
        .hasMessageContaining("manifests/imageList:2");
    assertThat(e.remedy()).contains("warn or skip");
    assertThat(sealer.images().list()).isEmpty();
  }

  @Test
  void whatLacksAPlatformCanBeLeftOut() {
    image("team/old", Platform.LINUX_AMD64);
    List<String> notices = new ArrayList<>();
    EventListener listener =
        event -> {
          if (event instanceof Event.Notice notice) {
            notices.add(notice.message());
          }
        };
    for (PlatformPolicy policy : List.of(PlatformPolicy.SKIP, PlatformPolicy.WARN)) {
      BuildResult result =
          build(
              request("FROM scratch\nCOPY imageList manifests\n", "team/old:1")
                  .missingPlatforms(policy)
                  .listener(listener));
      assertThat(result.missing())
          .singleElement()
          .satisfies(
              missing -> {
                assertThat(missing.image())
                    .isEqualTo(Reference.parse(registry.address() + "/team/old:1"));
                assertThat(missing.platform()).isEqualTo(Platform.LINUX_ARM64);
                assertThat(missing.origins()).isNotEmpty();
              });
      assertThat(result.image().platforms().get(1).metadata().containerImages()).isEmpty();
      assertThat(result.image().platforms().get(0).metadata().containerImages()).hasSize(1);
      assertThat(notices).hasSize(policy == PlatformPolicy.WARN ? 1 : 0);
    }
    // The files for that platform still name it, which the proof does not pass over.
    assertThat(sealer.images().verify("app:v1", EventListener.NONE).problems())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("team/old");
  }

  @Test
  void filesAreChosenByThePlatform() throws IOException {
    ClusterImage image =
        build(
                request(
                    """
                    FROM scratch
                    ARG TARGETARCH
                    COPY bin/${TARGETARCH}/tool bin
                    COPY bin/$ARCH/tool sealers-way
                    CMD bin/tool $TARGETARCH
                    """))
            .image();
    for (PlatformImage platform : image.platforms()) {
      String architecture = platform.platform().architecture();
      assertThat(files(platform))
          .containsEntry("bin/tool", "for " + architecture)
          .containsEntry("sealers-way/tool", "for " + architecture);
      assertThat(platform.metadata().args()).containsEntry("TARGETARCH", architecture);
    }
  }

  @Test
  void aBaseForBothPlatformsServesBoth() {
    image("team/web", Platform.LINUX_AMD64, Platform.LINUX_ARM64);
    build(request("FROM scratch\nCOPY imageList manifests\n", "team/web:1").name("base:v1"));
    ClusterImage image = build(request("FROM base:v1\nCOPY bin bin\n")).image();
    for (PlatformImage platform : image.platforms()) {
      assertThat(platform.metadata().containerImages())
          .singleElement()
          .satisfies(c -> assertThat(c.platform()).isEqualTo(platform.platform()));
    }
    assertThat(sealer.images().verify("app:v1", EventListener.NONE).problems()).isEmpty();
  }

  @Test
  void aBaseThatIsPinnedToOnePlatformIsRefused() {
    build(request("FROM scratch\nCOPY bin bin\n").name("base:v1"));
    SealerException e = failure(request("FROM --platform=linux/amd64 base:v1\nCOPY bin bin\n"));
    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_KUBEFILE);
    assertThat(e).hasMessageContaining("is for linux/amd64 whatever platform is built for");
    assertThat(
            build(
                    request(
                        "ARG TARGETPLATFORM\n"
                            + "FROM --platform=$TARGETPLATFORM base:v1\n"
                            + "COPY bin bin\n"))
                .image()
                .platforms())
        .hasSize(2);
  }

  @Test
  void aCommandForAForeignPlatformFailsWithARemedy() throws IOException {
    assumeThat(emulators())
        .as("emulators of this machine")
        .noneMatch(name -> name.contains("s390x"));
    SealerException e = failure(request("FROM scratch\nRUN mkdir x\n").platforms(List.of(S390X)));
    assertThat(e.code()).isEqualTo(ErrorCode.RUN_UNAVAILABLE);
    assertThat(e).hasMessageContaining("no emulator for programs of linux/s390x");
    assertThat(e.remedy()).contains("qemu-user-static");
  }

  private static List<String> emulators() throws IOException {
    Path registered = Path.of("/proc/sys/fs/binfmt_misc");
    if (!Files.isDirectory(registered)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(registered)) {
      return all.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Test
  void theSecondPlatformWritesNoLayerAgain() throws IOException {
    Path context = environment.directory("context");
    Files.writeString(context.resolve("file"), "content");
    BuildRequest.Builder request =
        request("FROM scratch\nCOPY file opt\n").context(BuildContext.directory(context));
    BuildResult first = build(request);
    assertThat(first.executed()).isEqualTo(1);
    assertThat(first.cached()).isEqualTo(1);
    assertThat(first.image().platforms().get(0).layers())
        .isEqualTo(first.image().platforms().get(1).layers());
    assertThat(build(request).cached()).isEqualTo(2);
  }
}
