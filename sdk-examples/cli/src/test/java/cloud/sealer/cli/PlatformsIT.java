package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.ImageFixture;
import cloud.sealer.testkit.SealerImages;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Images for several platforms, and images of sealer, between a stock registry, skopeo, umoci,
 * containerd and docker.
 */
@Tag("real")
class PlatformsIT {
  private static final List<Platform> BOTH = List.of(Platform.LINUX_AMD64, Platform.LINUX_ARM64);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path work;
  private StockRegistry origin;
  private Sealer sealer;

  @BeforeEach
  void start() throws IOException {
    RealTools.require("docker-registry", "skopeo", "umoci");
    origin = StockRegistry.start(Files.createDirectories(work.resolve("origin")));
    sealer =
        Sealer.builder()
            .store(work.resolve("store"))
            .registries(RegistryOptions.builder().plainHttp(origin.address()).build())
            .build();
  }

  @AfterEach
  void stop() {
    if (origin != null) {
      sealer.close();
      origin.close();
    }
  }

  private ImageFixture push(String repository, boolean docker) {
    ContainerImages.Builder image =
        ContainerImages.of(repository, "1.0")
            .file("etc/name", repository)
            .platforms(Platform.LINUX_AMD64, Platform.LINUX_ARM64, Platform.parse("linux/s390x"));
    ImageFixture fixture = (docker ? image.docker() : image).build();
    fixture.pushTo(origin.address());
    return fixture;
  }

  private String name() {
    return origin.address() + "/cluster/app:v1";
  }

  private ClusterImage build() {
    String list = origin.address() + "/team/web:1.0\n" + origin.address() + "/team/old:1.0\n";
    BuildResult result =
        sealer
            .builder(BuildMode.LITE)
            .build(
                BuildRequest.builder()
                    .kubefile(Kubefile.parse("FROM scratch\nCOPY imageList manifests\n"))
                    .context(BuildContext.inMemory().file("imageList", list).build())
                    .name(name())
                    .compression(Compression.GZIP)
                    .platforms(BOTH)
                    .build());
    return result.image();
  }

  private Path save() {
    Path archive = work.resolve("app.tar");
    sealer.images().save(name(), archive, EventListener.NONE);
    return archive;
  }

  private Program.Result run(Object... command) {
    return Program.run(work, command).succeeds();
  }

  private String raw(String image) {
    return run("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + image).out();
  }

  /** The registry of a mixed cluster: the files of both platforms together. */
  private Path registryTree() throws IOException {
    Path tree = Files.createDirectories(work.resolve("tree"));
    for (Platform platform : BOTH) {
      String arch = platform.architecture();
      run(
          "skopeo",
          "copy",
          "--override-arch",
          arch,
          "--src-tls-verify=false",
          "docker://" + name(),
          "oci:" + work.resolve(arch) + ":app");
      Path bundle = work.resolve("bundle-" + arch);
      run("umoci", "unpack", "--image", work.resolve(arch) + ":app", bundle);
      run("cp", "-a", bundle.resolve("rootfs/registry") + "/.", tree);
    }
    return tree;
  }

  @Test
  void otherToolsListAndCopyEachPlatform() throws IOException {
    push("team/web", false);
    push("team/old", true);
    build();
    sealer.images().push(name(), EventListener.NONE);
    JsonNode index = JSON.readTree(raw(name()));
    assertThat(index.path("manifests")).hasSize(2);
    assertThat(index.path("manifests").findValuesAsText("architecture"))
        .containsExactly("amd64", "arm64");
    run(
        "skopeo",
        "copy",
        "--all",
        "--src-tls-verify=false",
        "docker://" + name(),
        "oci:" + work.resolve("all") + ":app");
    for (Platform platform : BOTH) {
      String inspected =
          run(
                  "skopeo",
                  "inspect",
                  "--override-arch",
                  platform.architecture(),
                  "--tls-verify=false",
                  "docker://" + name())
              .out();
      assertThat(JSON.readTree(inspected).path("Architecture").asText())
          .isEqualTo(platform.architecture());
    }
  }

  @Test
  void theRegistryOfAClusterServesWholeIndexesAndTheOriginalDigests() throws IOException {
    ImageFixture web = push("team/web", false);
    ImageFixture old = push("team/old", true);
    build();
    sealer.images().push(name(), EventListener.NONE);
    try (StockRegistry served = StockRegistry.serve(registryTree(), work)) {
      for (ImageFixture image : List.of(web, old)) {
        String repository = served.address() + "/" + image.repository();
        JsonNode subset = JSON.readTree(raw(repository + ":1.0"));
        assertThat(subset.path("manifests")).hasSize(2);
        assertThat(subset.path("annotations").path("cloud.sealer.original").asText())
            .isEqualTo(image.digest().toString());
        assertThat(JSON.readTree(raw(repository + "@" + image.digest())).path("manifests"))
            .hasSize(3);
        // Whoever copies a whole index asks for each image that it lists.
        run(
            "skopeo",
            "copy",
            "--all",
            "--src-tls-verify=false",
            "docker://" + repository + ":1.0",
            "oci:" + work.resolve("copies") + ":" + image.repository().replace('/', '-'));
      }
      pulls(served, web, old);
    }
  }

  private void pulls(StockRegistry served, ImageFixture... images) {
    RealTools.require("dockerd", "docker", "containerd", "ctr");
    try (DockerEngine docker = DockerEngine.start(work.resolve("docker"));
        Containerd containerd = Containerd.start(work.resolve("containerd"))) {
      for (ImageFixture image : images) {
        String repository = served.address() + "/" + image.repository();
        docker.run("pull", repository + ":1.0").succeeds();
        docker.run("pull", "--platform", "linux/arm64", repository + ":1.0").succeeds();
        docker.run("pull", repository + "@" + image.digest()).succeeds();
        containerd
            .ctr("content", "fetch", "--plain-http", "--all-platforms", repository + ":1.0")
            .succeeds();
        containerd
            .ctr(
                "content",
                "fetch",
                "--plain-http",
                "--platform",
                "linux/arm64",
                repository + "@" + image.digest())
            .succeeds();
      }
    }
  }

  @Test
  void containerdAndDockerLoadTheArchive() throws IOException {
    RealTools.require("dockerd", "docker", "containerd", "ctr");
    push("team/web", false);
    push("team/old", true);
    ClusterImage image = build();
    Path archive = save();
    try (Containerd containerd = Containerd.start(work.resolve("containerd"))) {
      containerd.ctr("images", "import", "--all-platforms", "--no-unpack", archive).succeeds();
      String listed = containerd.ctr("images", "ls").succeeds().out();
      assertThat(listed)
          .contains(image.digest().toString())
          .contains("linux/amd64")
          .contains("linux/arm64");
      assertThat(containerd.ctr("images", "check").succeeds().out()).contains("complete");
    }
    try (DockerEngine docker = DockerEngine.start(work.resolve("docker"))) {
      sealer.images().push(name(), EventListener.NONE);
      for (Platform platform : BOTH) {
        docker.run("pull", "--platform", platform.toString(), name()).succeeds();
        assertThat(
                docker
                    .run("image", "inspect", "--format", "{{.Architecture}}", name())
                    .succeeds()
                    .out())
            .contains(platform.architecture());
      }
      Path dockers = work.resolve("docker.tar");
      run(
          "skopeo",
          "copy",
          "--override-arch",
          "amd64",
          "oci-archive:" + archive + ":" + name(),
          "docker-archive:" + dockers + ":loaded:v1");
      assertThat(docker.run("load", "-i", dockers.toString()).succeeds().out())
          .contains("loaded:v1");
    }
  }

  private static SealerImages.Builder ofSealer(SealerImages.Builder image) {
    return image
        .layer(
            "COPY",
            ". .",
            Map.of("Metadata", "{\"version\": \"v1.19.8\"}", "scripts/init.sh", "#!/bin/sh\n"))
        .command("kubectl apply -f etc/calico.yaml")
        .layer("BASE", "rootfs cache", Map.of("registry/note", "images"));
  }

  @Test
  void imagesOfSealerGoThroughAStockRegistry() {
    for (SealerImages.Builder image :
        List.of(
            SealerImages.v06("sealer-io/old", "v1"),
            SealerImages.v07("sealer-io/older", "v1"),
            SealerImages.v09("sealerio/newer", "v1")
                .annotation(
                    "sealer.image.extension",
                    "{\"launch\":{\"cmds\":[\"kubectl apply -f etc/calico.yaml\"]}}"))) {
      ImageFixture fixture = ofSealer(image).build();
      String base = fixture.pushTo(origin.address()).toString();
      ClusterImage built =
          sealer
              .builder(BuildMode.LITE)
              .build(
                  BuildRequest.builder()
                      .kubefile(
                          Kubefile.parse(
                              "FROM " + base + "\nRUN test -x scripts/init.sh\nCMD more\n"))
                      .name("built:v1")
                      .build())
              .image();
      assertThat(built.platforms().get(0).metadata().commands())
          .containsExactly("kubectl apply -f etc/calico.yaml", "more");
      assertThat(built.platforms().get(0).metadata().kubernetesVersion()).contains("v1.19.8");
      String copy = origin.address() + "/copies/" + fixture.repository() + ":v1";
      sealer.images().tag(base, copy);
      assertThat(sealer.images().push(copy, EventListener.NONE)).isEqualTo(fixture.digest());
      List<Object> command = new ArrayList<>(List.of("skopeo", "copy", "--src-tls-verify=false"));
      command.addAll(List.of("docker://" + copy, "dir:" + work.resolve("d")));
      run(command.toArray());
    }
  }
}
