package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.testkit.ContainerImages;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The finished program beside the tools its users have: a stock registry to build from, and skopeo,
 * umoci, buildah and docker to read what it makes.
 */
@Tag("real")
class RealToolsIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path work;
  private StockRegistry origin;
  private Path store;
  private Path context;

  @BeforeEach
  void fillRegistry() throws IOException {
    RealTools.require("docker-registry", "skopeo", "umoci", "buildah");
    origin = StockRegistry.start(Files.createDirectories(work.resolve("origin")));
    store = work.resolve("store");
    context = Files.createDirectories(work.resolve("context"));
    for (String name : List.of("team/web", "team/worker", "library/base")) {
      ContainerImages.of(name, "1.0")
          .file("etc/name", name)
          .randomLayer(2_000_000, name.hashCode())
          .build()
          .pushTo(origin.address());
    }
    Files.createDirectories(context.resolve("manifests"));
    Files.writeString(
        context.resolve("manifests/app.yaml"),
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              initContainers:
              - {name: init, image: ADDRESS/library/base:1.0}
              containers:
              - {name: web, image: "ADDRESS/team/web:1.0"}
        """
            .replace("ADDRESS", origin.address()));
    Files.writeString(
        context.resolve("imageList"), "# images\n" + origin.address() + "/team/worker:1.0\n");
    Files.writeString(
        context.resolve("Kubefile"),
        """
        FROM scratch
        ARG Version=4.0.0
        COPY manifests .
        COPY imageList manifests
        RUN echo ${Version} > version && mkdir -m 0750 empty && ln -s version link
        CMD kubectl apply -f manifests/app.yaml
        """);
  }

  @AfterEach
  void stop() {
    if (origin != null) {
      origin.close();
    }
  }

  private Program.Result build(Path directory, Path into) {
    return Program.run(
        work,
        Program.sealer(),
        "build",
        "-t",
        "my-dashboard:v1",
        "--store",
        into,
        "--plain-http",
        origin.address(),
        directory);
  }

  private JsonNode inspect(Path of) throws IOException {
    return JSON.readTree(
        Program.run(
                work,
                Program.sealer(),
                "inspect",
                "my-dashboard:v1",
                "--format",
                "json",
                "--store",
                of)
            .succeeds()
            .out());
  }

  @Test
  void aStockRegistryServesTheUnpackedTree() throws IOException {
    build(context, store).succeeds();
    Program.run(
            work, "umoci", "unpack", "--image", store + ":my-dashboard:v1", work.resolve("bundle"))
        .succeeds();
    Path rootfs = work.resolve("bundle/rootfs");
    assertThat(rootfs.resolve("version")).hasContent("4.0.0");
    assertThat(rootfs.resolve("empty")).isEmptyDirectory();
    assertThat(Files.readSymbolicLink(rootfs.resolve("link"))).isEqualTo(Path.of("version"));
    try (StockRegistry served = StockRegistry.serve(rootfs.resolve("registry"), work)) {
      for (String image : List.of("team/web", "team/worker", "library/base")) {
        Program.run(
                work,
                "skopeo",
                "copy",
                "--src-tls-verify=false",
                "docker://" + served.address() + "/" + image + ":1.0",
                "dir:" + work.resolve(image.replace('/', '-')))
            .succeeds();
        assertThat(digest(served, image)).isEqualTo(digest(origin, image));
      }
    }
  }

  private String digest(StockRegistry registry, String image) throws IOException {
    String json =
        Program.run(
                work,
                "skopeo",
                "inspect",
                "--tls-verify=false",
                "docker://" + registry.address() + "/" + image + ":1.0")
            .succeeds()
            .out();
    return JSON.readTree(json).path("Digest").asText();
  }

  @Test
  void dockerPullsFromTheUnpackedTree() throws IOException {
    RealTools.require("dockerd", "docker");
    build(context, store).succeeds();
    Program.run(
            work, "umoci", "unpack", "--image", store + ":my-dashboard:v1", work.resolve("bundle"))
        .succeeds();
    try (StockRegistry served = StockRegistry.serve(work.resolve("bundle/rootfs/registry"), work);
        DockerEngine docker = DockerEngine.start(work.resolve("docker"))) {
      docker.run("pull", served.address() + "/team/web:1.0").succeeds();
      String digest = digest(origin, "team/web");
      docker.run("pull", served.address() + "/team/web@" + digest).succeeds();
    }
  }

  @Test
  void otherToolsReadTheStoreAsItIs() {
    build(context, store).succeeds();
    Program.run(
            work, "skopeo", "copy", "oci:" + store + ":my-dashboard:v1", "dir:" + work.resolve("d"))
        .succeeds();
    String root = work.resolve("storage").toString();
    String run = work.resolve("run").toString();
    String[] buildah = {"buildah", "--root", root, "--runroot", run, "--storage-driver", "vfs"};
    List<Object> from = new ArrayList<>(List.of(buildah));
    from.add("from");
    from.add("oci:" + store + ":my-dashboard:v1");
    Program.run(work, from.toArray()).succeeds();
    List<Object> remove = new ArrayList<>(List.of(buildah));
    remove.addAll(List.of("rm", "--all"));
    Program.run(work, remove.toArray()).succeeds();
  }

  @Test
  void twoClonesAtDifferentTimesGiveOneDigest() throws IOException {
    Path clone = work.resolve("clone");
    Program.run(work, "cp", "-r", context, clone).succeeds();
    try (var files = Files.walk(clone)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
      }
    }
    build(context, store).succeeds();
    build(clone, work.resolve("other-store")).succeeds();
    assertThat(inspect(work.resolve("other-store")).path("digest").asText())
        .isEqualTo(inspect(store).path("digest").asText())
        .startsWith("sha256:");
  }

  @Test
  void aSecondBuildExecutesAndDownloadsNothing() {
    build(context, store).succeeds();
    assertThat(build(context, store).succeeds().out())
        .contains("0 instructions executed, 3 cached")
        .contains("0 B downloaded");
  }

  @Test
  void imagesGoThroughARegistryAndAnArchive() throws IOException {
    build(context, store).succeeds();
    String name = origin.address() + "/cluster/my-dashboard:v1";
    Path second = work.resolve("second");
    sealer("tag", "my-dashboard:v1", name, "--store", store).succeeds();
    sealer("push", name, "--store", store, "--plain-http", origin.address()).succeeds();
    sealer("pull", name, "--store", second, "--plain-http", origin.address()).succeeds();
    sealer("verify", name, "--store", second).succeeds();
    Path archive = work.resolve("image.tar");
    sealer("save", "my-dashboard:v1", "-o", archive, "--store", store).succeeds();
    Program.run(work, "skopeo", "inspect", "oci-archive:" + archive + ":my-dashboard:v1")
        .succeeds();
    Path third = work.resolve("third");
    sealer("load", "-i", archive, "--store", third).succeeds();
    assertThat(inspect(third).path("digest")).isEqualTo(inspect(store).path("digest"));
  }

  private Program.Result sealer(Object... words) {
    List<Object> command = new ArrayList<>();
    command.add(Program.sealer());
    command.addAll(List.of(words));
    return Program.run(work, command.toArray());
  }
}
