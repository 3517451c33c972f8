package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Platform;
import cloud.sealer.testkit.ContainerImages;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The finished program moves, proves and compares images beside stock registries and tools. */
@Tag("real")
class ShippingRealIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path README = Path.of("../../README.md");
  private static final int LAYER = 3_000_000;

  @TempDir private Path work;
  private StockRegistry origin;
  private Path store;

  @BeforeEach
  void fillRegistry() throws IOException {
    RealTools.require("docker-registry", "skopeo", "umoci", "unshare", "jq");
    origin = StockRegistry.start(Files.createDirectories(work.resolve("origin")));
    store = work.resolve("store");
    int seed = 0;
    for (String name : List.of("team/web:1.0", "team/web:1.1", "team/worker:1.0")) {
      int colon = name.indexOf(':');
      ContainerImages.of(name.substring(0, colon), name.substring(colon + 1))
          .file("etc/name", name)
          .randomLayer(LAYER, ++seed)
          .platforms(Platform.LINUX_AMD64, Platform.LINUX_ARM64)
          .build()
          .pushTo(origin.address());
    }
    context("v1", "team/web:1.0");
    context("v2", "team/web:1.1");
    context("worker", "team/worker:1.0");
  }

  @AfterEach
  void stop() {
    if (origin != null) {
      origin.close();
    }
  }

  private void context(String directory, String... images) throws IOException {
    Path context = Files.createDirectories(work.resolve(directory).resolve("manifests"));
    StringBuilder yaml =
        new StringBuilder("kind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n");
    for (String image : images) {
      yaml.append("  - image: ").append(origin.address()).append('/').append(image).append('\n');
    }
    Files.writeString(context.resolve("pod.yaml"), yaml);
    Files.writeString(
        work.resolve(directory).resolve("Kubefile"), "FROM scratch\nCOPY manifests manifests\n");
  }

  private Program.Result sealer(Object... words) {
    List<Object> command = new ArrayList<>(List.of(Program.sealer()));
    command.addAll(List.of(words));
    command.addAll(List.of("--store", store, "--plain-http", origin.address()));
    return Program.run(work, command.toArray());
  }

  private void build(String name, String context) {
    sealer("build", "-t", name, work.resolve(context)).succeeds();
  }

  /** The commands of the README's section, as they stand there. */
  private static String commandsOfReadme() throws IOException {
    Matcher block =
        Pattern.compile("## Shipping images\n.*?```sh\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(README));
    assertThat(block.find()).isTrue();
    return block.group(1);
  }

  @Test
  void theReadmeSaysWhatWorks() throws IOException {
    Path bin = Files.createDirectories(work.resolve("bin"));
    Path sealer = bin.resolve("sealer");
    Files.writeString(
        sealer,
        "#!/bin/sh\nexec " + Program.sealer() + " \"$@\" --plain-http " + origin.address() + "\n");
    Files.setPosixFilePermissions(sealer, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path script = work.resolve("readme.sh");
    Files.writeString(script, commandsOfReadme());
    Program.Result done =
        Program.run(
            work,
            "env",
            "PATH=" + bin + ":" + System.getenv("PATH"),
            "SEALER_STORE=" + store,
            "REGISTRY=" + origin.address(),
            "bash",
            "-euxo",
            "pipefail",
            script);
    done.succeeds();
    assertThat(done.out()).contains("can be served", "all:v1 sha256:");
  }

  @Test
  void verifyNeedsNoNetwork() throws IOException {
    build("app:v1", "v1");
    // In a network namespace of its own a program reaches nothing, not even this machine.
    Object[] alone = {"unshare", "-n", Program.sealer()};
    assertThat(run(alone, "pull", origin.address() + "/team/web:1.0").exit()).isEqualTo(1);
    JsonNode report = JSON.readTree(run(alone, "verify", "app:v1", "--json").succeeds().out());
    assertThat(report.path("ok").asBoolean()).isTrue();
    assertThat(report.path("references")).hasSize(1);
    sealer("build", "-t", "app:v2", "--exclude-image", "*/team/web:*", work.resolve("v1"))
        .succeeds();
    assertThat(run(alone, "verify", "app:v2").fails(1).err()).contains("team/web");
  }

  private Program.Result run(Object[] prefix, Object... words) {
    List<Object> command = new ArrayList<>(List.of(prefix));
    command.addAll(List.of(words));
    command.addAll(List.of("--store", store, "--plain-http", origin.address()));
    return Program.run(work, command.toArray());
  }

  @Test
  void otherToolsReadArchivesAndTheirParts() throws IOException {
    build("app:v1", "v1");
    Path file = work.resolve("app.tar");
    Path parts = work.resolve("parts");
    sealer("save", "app:v1", "-o", file).succeeds();
    sealer("save", "app:v1", "-o", parts, "--chunk-size", "1M").succeeds();
    Program.run(work, "skopeo", "inspect", "oci-archive:" + file + ":app:v1").succeeds();
    Path again = work.resolve("again.tar");
    Program.run(work, "sh", "-c", "cat " + parts + "/part-* > " + again).succeeds();
    assertThat(again).hasSameBinaryContentAs(file);
    Path layout = Files.createDirectories(work.resolve("layout"));
    Program.run(work, "tar", "-xf", again, "-C", layout).succeeds();
    Program.run(work, "umoci", "unpack", "--image", layout + ":app:v1", work.resolve("bundle"))
        .succeeds();
    // What skopeo writes is read, with another name and compressed.
    Path foreign = work.resolve("foreign.tar");
    Program.run(
            work,
            "skopeo",
            "copy",
            "oci-archive:" + file + ":app:v1",
            "oci-archive:" + foreign + ":other:v1")
        .succeeds();
    Program.run(work, "gzip", "-k", foreign).succeeds();
    Path site = work.resolve("site");
    Program.run(work, Program.sealer(), "load", "-i", foreign + ".gz", "--store", site).succeeds();
    Program.run(work, Program.sealer(), "verify", "other:v1", "--store", site).succeeds();
    assertThat(
            Program.run(work, Program.sealer(), "verify", foreign, "--store", work.resolve("none"))
                .succeeds()
                .out())
        .contains("1 container images can be served");
  }

  @Test
  void relocatedImagesArePulledByOthers() throws IOException {
    sealer("build", "-t", "all:v1", work.resolve("v1")).succeeds();
    try (StockRegistry mine = StockRegistry.start(Files.createDirectories(work.resolve("mine")))) {
      JsonNode moved =
          JSON.readTree(
              sealer(
                      "relocate",
                      "all:v1",
                      mine.address() + "/mirror",
                      "--json",
                      "--plain-http",
                      mine.address())
                  .succeeds()
                  .out());
      String to = moved.path(0).path("to").asText();
      assertThat(to).isEqualTo(mine.address() + "/mirror/team/web:1.0");
      Program.run(
              work,
              "skopeo",
              "copy",
              "--src-tls-verify=false",
              "docker://" + to,
              "dir:" + work.resolve("pulled"))
          .succeeds();
      String raw =
          Program.run(work, "skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + to)
              .succeeds()
              .out();
      assertThat(JSON.readTree(raw).path("manifests")).hasSize(1);
      assertThat(moved.path(0).path("digest")).isNotEqualTo(moved.path(0).path("originalDigest"));
    }
  }

  @Test
  void aPushGoesOnAfterTheRegistryDied() throws IOException {
    int layers = 6;
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < layers; i++) {
      ContainerImages.of("team/large" + i, "1")
          .randomLayer(8_000_000, 50 + i)
          .build()
          .pushTo(origin.address());
      list.append(origin.address()).append("/team/large").append(i).append(":1\n");
    }
    Path context = Files.createDirectories(work.resolve("large"));
    Files.writeString(context.resolve("imageList"), list);
    Files.writeString(context.resolve("Kubefile"), "FROM scratch\nCOPY imageList manifests\n");
    build("large:v1", "large");
    Path directory = Files.createDirectories(work.resolve("target"));
    String name;
    int there;
    try (StockRegistry dying = StockRegistry.start(directory)) {
      name = dying.address() + "/cluster/large:v1";
      sealer("tag", "large:v1", name).succeeds();
      Program push =
          Program.start(
              work,
              Program.sealer(),
              "push",
              name,
              "--store",
              store,
              "--plain-http",
              dying.address());
      while (blobs(directory) < 2 && push.process().isAlive()) {
        StockRegistry.pause();
      }
      dying.kill();
      assertThat(push.end().exit()).isEqualTo(1);
      there = blobs(directory);
    }
    assertThat(there).isBetween(1, layers + 1);
    try (StockRegistry alive = StockRegistry.start(directory)) {
      String again = alive.address() + "/cluster/large:v1";
      sealer("tag", "large:v1", again).succeeds();
      Program.Result pushed =
          sealer("push", again, "--plain-http", alive.address(), "--progress", "json").succeeds();
      assertThat(pushed.out().lines().filter(line -> line.contains("\"cached\"")).count())
          .isGreaterThanOrEqualTo(there);
      sealer("rmi", again).succeeds();
      sealer("pull", again, "--plain-http", alive.address()).succeeds();
      sealer("verify", again).succeeds();
    }
  }

  private static int blobs(Path registry) throws IOException {
    Path blobs = registry.resolve("storage/docker/registry/v2/blobs");
    if (!Files.isDirectory(blobs)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(blobs)) {
      return (int) files.filter(file -> file.endsWith("data")).count();
    }
  }

  @Test
  void twoBuildsAndAPruneOnOneStore() throws IOException {
    Program one = start("build", "-t", "app:v1", work.resolve("v1"));
    Program two = start("build", "-t", "app:v2", work.resolve("v2"));
    Program three = start("build", "-t", "worker:v1", work.resolve("worker"));
    while (one.process().isAlive() || two.process().isAlive() || three.process().isAlive()) {
      sealer("prune").succeeds();
    }
    one.end().succeeds();
    two.end().succeeds();
    three.end().succeeds();
    sealer("prune").succeeds();
    for (String name : List.of("app:v1", "app:v2", "worker:v1")) {
      sealer("verify", name).succeeds();
    }
  }

  private Program start(Object... words) {
    List<Object> command = new ArrayList<>(List.of(Program.sealer()));
    command.addAll(List.of(words));
    command.addAll(List.of("--store", store, "--plain-http", origin.address()));
    return Program.start(work, command.toArray());
  }

  @Test
  void aFullDiskLeavesAStoreThatIsGoneOnWith() throws IOException {
    Path small = Files.createDirectories(work.resolve("small"));
    Program.run(work, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small).succeeds();
    try {
      store = small.resolve("store");
      Program.Result full = sealer("build", "-t", "app:v1", work.resolve("v1")).fails(1);
      assertThat(full.err()).contains("no space left").contains("prune the store");
      assertThat(sealer("images").succeeds().out()).doesNotContain("app:v1");
      Program.run(work, "mount", "-o", "remount,size=64m", small).succeeds();
      build("app:v1", "v1");
      sealer("verify", "app:v1").succeeds();
    } finally {
      Program.run(work, "umount", small).succeeds();
    }
  }

  @Test
  void aDamagedFileOfTheStoreIsHealedFromTheRegistry() throws IOException {
    String name = origin.address() + "/cluster/app:v1";
    build(name, "v1");
    sealer("push", name).succeeds();
    Path largest;
    try (Stream<Path> blobs = Files.list(store.resolve("blobs/sha256"))) {
      largest =
          blobs.max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length())).orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(largest);
    bytes[LAYER / 2] ^= 1;
    Files.write(largest, bytes);
    assertThat(sealer("verify", name, "--repair").succeeds().out())
        .contains("healed: ")
        .contains(largest.getFileName().toString());
    sealer("verify", name).succeeds();
  }
}
