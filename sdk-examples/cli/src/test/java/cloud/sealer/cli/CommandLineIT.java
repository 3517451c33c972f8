package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.helm.HelmJvmRenderer;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Every command in this process: what it prints where, and the code it ends with. */
class CommandLineIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path work;
  private Path store;
  private Path context;

  /** What a command line came to. */
  private record Run(int exit, String out, String err) {
    JsonNode json() throws IOException {
      return JSON.readTree(out);
    }
  }

  private Run run(Object... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(Stream.of(words).map(Object::toString).toList());
    int exit = command.execute(all.toArray(String[]::new));
    return new Run(exit, out.toString(), err.toString());
  }

  @BeforeEach
  void writeContext() throws IOException {
    store = work.resolve("store");
    context = Files.createDirectories(work.resolve("context"));
    Files.writeString(context.resolve("hello.txt"), "hello\n");
    Files.writeString(
        context.resolve("Kubefile"),
        "FROM scratch\nARG Name=world\nCOPY hello.txt .\nRUN echo ${Name} > name\nCMD cat name\n");
  }

  private Run build(Object... more) {
    List<Object> words = new ArrayList<>(List.of("build", "-t", "app:v1", "--store", store));
    words.addAll(List.of(more));
    words.add(context);
    return run(words.toArray());
  }

  @Test
  void pullsFromAMirror() throws IOException {
    try (EmbeddedRegistry mirror = EmbeddedRegistry.start()) {
      ContainerImages.of("hub/team/app", "v1").file("etc/x", "x").build().putInto(mirror);
      Path options =
          Files.writeString(
              work.resolve("options"),
              "--mirror hub.example=" + mirror.address() + "/hub --plain-http " + mirror.address());
      Run pulled = run("pull", "hub.example/team/app:v1", "--store", store, "@" + options);
      assertThat(pulled.exit()).as(pulled.err()).isZero();
      assertThat(mirror.requests()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--mirror, hub.example, HOST=MIRROR",
    "--mirror, hub.example=https://mirror.example, without a scheme",
    "--proxy, ftp://ann:s3cret@proxy, a proxy is written",
    "--plain-http, http://registry, host[:port]"
  })
  void aRegistryOptionThatMeansNothingIsWrongUsage(String flag, String value, String message) {
    Run wrong = run("pull", "registry.example/a:1", "--store", store, flag, value);
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err()).contains(message).doesNotContain("s3cret");
  }

  @Test
  void buildsAndInspects() throws IOException {
    Run built = build("--build-arg", "Name=you");
    assertThat(built.exit()).as(built.err()).isZero();
    assertThat(built.out()).startsWith("app:v1 sha256:").contains("2 instructions executed");
    assertThat(built.err()).contains("> RUN echo ${Name} > name");
    JsonNode image = run("inspect", "app:v1", "--store", store).json();
    assertThat(image.path("platforms").path(0).path("commands").path(0).asText())
        .isEqualTo("cat name");
    assertThat(run("images", "--format", "json", "--store", store).json()).hasSize(1);
    assertThat(run("images", "--store", store).out()).contains("app:v1");
  }

  @Test
  void progressAsJsonIsTheEventsAndThenTheResult() throws IOException {
    Run built = build("--progress", "json");
    List<JsonNode> lines = new ArrayList<>();
    for (String line : built.out().lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    assertThat(lines.get(0).path("event").asText()).isEqualTo("started");
    assertThat(lines.get(0).path("kind").asText()).isEqualTo("build");
    assertThat(lines.get(lines.size() - 1).path("event").asText()).isEqualTo("result");
    assertThat(built.err()).isEmpty();
  }

  @Test
  void aMistakeInTheKubefileIsToldWithItsPlace() throws IOException {
    Files.writeString(context.resolve("Kubefile"), "FORM scratch\nCOPY onlyone\n");
    Run lint = run("lint", context.resolve("Kubefile"));
    assertThat(lint.exit()).isEqualTo(1);
    assertThat(lint.out()).isEmpty();
    assertThat(lint.err().lines())
        .anyMatch(line -> line.startsWith(context.resolve("Kubefile") + ":1:1: "))
        .anyMatch(line -> line.startsWith(context.resolve("Kubefile") + ":2:1: "));
    Run built = build();
    assertThat(built.exit()).isEqualTo(1);
    assertThat(built.err()).contains(":1:1: ").doesNotContain("\tat ");
  }

  @Test
  void aGoodKubefileLintsSilently() {
    Run lint = run("lint", context.resolve("Kubefile"));
    assertThat(lint.exit()).isZero();
    assertThat(lint.out() + lint.err()).isEmpty();
  }

  @Test
  void aFailedCommandEndsWithOneMessage() throws IOException {
    Files.writeString(context.resolve("Kubefile"), "FROM scratch\nRUN no-such-program --now\n");
    Run built = build();
    assertThat(built.exit()).isEqualTo(1);
    assertThat(built.err()).contains("no-such-program").contains("bin").doesNotContain("\tat ");
    assertThat(run("inspect", "app:v1", "--store", store).exit()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "build",
        "build -t a -m lightly .",
        "build -t a --build-arg novalue .",
        "build -t a --platform linux .",
        "build -t a --compression lzma .",
        "build -t a /no/such/context",
        "frobnicate",
        "inspect",
        "save x",
        "login 127.0.0.1:1"
      })
  void wrongUsageEndsWithTwo(String line) {
    Run result = run((Object[]) line.split(" "));
    assertThat(result.exit()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).isNotBlank();
  }

  @Test
  void aBuildOnMachinesAsksForItsWorker() {
    Run result = build("-m", "container");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("a build on machines needs the program", "--worker");
  }

  @Test
  void discoversOneManifest() throws IOException {
    Path manifest = work.resolve("pod.yaml");
    Files.writeString(
        manifest, "kind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - image: nginx:1.21\n");
    JsonNode report = run("discover", manifest, "--format", "json", "--store", store).json();
    JsonNode found = report.path("found").path(0);
    assertThat(found.path("image").asText()).isEqualTo("docker.io/library/nginx:1.21");
    JsonNode origin = found.path("origins").path(0);
    assertThat(origin.path("file").asText()).isEqualTo("manifests/pod.yaml");
    assertThat(origin.path("document").asInt()).isEqualTo(1);
    assertThat(origin.path("object").asText()).isEqualTo("Pod/p");
    assertThat(origin.path("path").asText()).isEqualTo("spec.containers[0].image");
    assertThat(report.path("suspected").isArray()).isTrue();
    assertThat(report.path("excluded").isArray()).isTrue();
    assertThat(report.path("unresolved").isArray()).isTrue();
  }

  @Test
  void rendersChartsWithAHelmProgram() throws IOException {
    String missing = new HelmJvmRenderer().unavailable().orElse("");
    assumeTrue(missing.isEmpty(), missing);
    Path helm = HelmProgram.in(work);
    Path chart = Files.createDirectories(context.resolve("web/templates"));
    Files.writeString(
        chart.resolveSibling("Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.0.0\n");
    Files.writeString(
        chart.resolve("pod.yaml"),
        "kind: Pod\napiVersion: v1\nmetadata: {name: p}\nspec:\n  containers:\n"
            + "  - {name: c, image: 'team/{{ .Chart.Name }}:1'}\n");
    Files.writeString(context.resolve("Kubefile"), "FROM scratch\nCOPY web charts/web\n");

    Run found = run("discover", context, "--format", "json", "--store", store, "--helm", helm);
    assertThat(found.exit()).as(found.err()).isZero();
    assertThat(found.json().path("found").path(0).path("image").asText())
        .isEqualTo("docker.io/team/web:1");
    Run built = build("--helm", helm, "--exclude-image", "*team/web*");
    assertThat(built.exit()).as(built.err()).isZero();
    Run verified =
        run("verify", "app:v1", "--store", store, "--helm", helm, "--exclude-image", "*team/web*");
    assertThat(verified.exit()).as(verified.err()).isZero();
    assertThat(HelmProgram.calls(work)).hasSize(3).allMatch(call -> call.startsWith("template "));
  }

  @Test
  void aHelmProgramThatIsNoneOrElsewhereIsWrongUsage() {
    Run none = run("discover", context, "--store", store, "--helm", work.resolve("helm"));
    assertThat(none.exit()).isEqualTo(2);
    assertThat(none.err()).contains("--helm: ").contains("is no program");
    Run elsewhere = build("-m", "container", "--helm", work.resolve("helm"));
    assertThat(elsewhere.exit()).isEqualTo(2);
    assertThat(elsewhere.err()).contains("--helm is a program of this machine");
  }

  @Test
  void tagsRemovesSavesLoadsAndPrunes() throws IOException {
    build();
    String digest = run("inspect", "app:v1", "--store", store).json().path("digest").asText();
    assertThat(run("tag", "app:v1", "other:v2", "--store", store).exit()).isZero();
    Path archive = work.resolve("a.tar");
    assertThat(run("save", "other:v2", "-o", archive, "--store", store).exit()).isZero();
    assertThat(run("rmi", "app:v1", "other:v2", "--store", store).exit()).isZero();
    assertThat(run("rmi", "app:v1", "--store", store).exit()).isEqualTo(1);
    assertThat(run("prune", "--store", store).out()).contains("deleted").contains("freed");
    Run loaded = run("load", "-i", archive, "--store", store);
    assertThat(loaded.out()).contains("other:v2 " + digest);
    assertThat(run("verify", "other:v2", "--store", store).exit()).isZero();
  }

  @Test
  void aDamagedBlobIsFoundByVerify() throws IOException {
    build();
    JsonNode image = run("inspect", "app:v1", "--store", store).json();
    String layer = image.path("platforms").path(0).path("layers").path(0).path("digest").asText();
    Path blob = store.resolve("blobs/sha256").resolve(layer.substring("sha256:".length()));
    byte[] bytes = Files.readAllBytes(blob);
    bytes[bytes.length / 2] ^= 1;
    Files.delete(blob);
    Files.write(blob, bytes);
    Run verified = run("verify", "app:v1", "--store", store);
    assertThat(verified.exit()).isEqualTo(1);
    assertThat(verified.err()).contains(layer).contains("damaged");
  }
}
