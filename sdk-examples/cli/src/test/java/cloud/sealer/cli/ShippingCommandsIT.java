package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands that move, prove and compare images: their texts, their JSON, their exit codes. */
class ShippingCommandsIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path work;
  private EmbeddedRegistry registry;
  private Path store;

  private record Run(int exit, String out, String err) {
    JsonNode json() throws IOException {
      return JSON.readTree(out);
    }

    Run succeeds() {
      assertThat(exit).as(err).isZero();
      return this;
    }
  }

  private Run run(Object... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(Stream.of(words).map(Object::toString).toList());
    all.addAll(List.of("--store", store.toString(), "--plain-http", registry.address()));
    return new Run(command.execute(all.toArray(String[]::new)), out.toString(), err.toString());
  }

  @BeforeEach
  void open() throws IOException {
    registry = EmbeddedRegistry.start();
    store = work.resolve("store");
    for (String name : List.of("team/web:1", "team/web:2", "team/db:1")) {
      int colon = name.indexOf(':');
      ContainerImages.of(name.substring(0, colon), name.substring(colon + 1))
          .randomLayer(50_000, name.hashCode())
          .build()
          .putInto(registry);
    }
    build("app:v1", "team/web:1");
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private Run build(String name, String image, Object... more) throws IOException {
    Path context = Files.createDirectories(work.resolve("context"));
    Files.writeString(context.resolve("imageList"), registry.address() + "/" + image + "\n");
    Files.writeString(context.resolve("Kubefile"), "FROM scratch\nCOPY imageList manifests\n");
    List<Object> words = new ArrayList<>(List.of("build", "-t", name, context));
    words.addAll(List.of(more));
    return run(words.toArray());
  }

  @Test
  void verifyShowsEveryReference() throws IOException {
    Run text = run("verify", "app:v1").succeeds();
    assertThat(text.out())
        .contains("ok         linux/amd64 " + registry.address() + "/team/web:1 sha256:")
        .contains("manifests/imageList:1")
        .contains("1 container images can be served");
    JsonNode json = run("verify", "app:v1", "--json").succeeds().json();
    assertThat(json.path("ok").asBoolean()).isTrue();
    assertThat(json.path("references").path(0).path("outcome").asText()).isEqualTo("ok");
    assertThat(json.path("references").path(0).path("origins").path(0).path("line").asInt())
        .isEqualTo(1);
  }

  @Test
  void verifyEndsWithOneIfSomethingIsMissing() throws IOException {
    build("app:v2", "team/web:1", "--exclude-image", "*/team/web:1");
    Run missing = run("verify", "app:v2");
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.out()).contains("missing    linux/amd64");
    assertThat(missing.err()).contains("has no team/web");
    Run json = run("verify", "app:v2", "--json");
    assertThat(json.exit()).isEqualTo(1);
    assertThat(json.json().path("problems")).hasSize(1);
    run("verify", "app:v2", "--exclude-image", "*/team/web:1").succeeds();
  }

  @Test
  void aBuildPushesToo() throws IOException {
    String name = registry.address() + "/team/app:v1";
    String built = build(name, "team/web:1", "--push").succeeds().out().split("\\s")[1];
    run("rmi", name).succeeds();
    run("pull", name).succeeds();
    assertThat(run("inspect", name).succeeds().out()).contains(built);
  }

  @Test
  void aLockFileHoldsTags() throws IOException {
    Path lock = work.resolve("images.lock");
    build("app:v1", "team/web:1", "--lock-out", lock).succeeds();
    build("app:v1", "team/web:1", "--lock-in", lock).succeeds();
    ContainerImages.of("team/web", "1").randomLayer(50_000, 99).build().putInto(registry);
    Run moved = build("app:v1", "team/web:1", "--lock-in", lock);
    assertThat(moved.exit()).isEqualTo(1);
    assertThat(moved.err())
        .containsPattern("team/web:1 was sha256:\\w{64} and is now sha256:\\w{64}");
  }

  @Test
  void diffAndDelta() throws IOException {
    build("app:v2", "team/web:2");
    Run text = run("diff", "app:v1", "app:v2").succeeds();
    assertThat(text.out())
        .containsPattern("~ \\S+/team/web: 1 sha256:\\w+ -> 2 sha256:\\w+")
        .contains("~ manifests/imageList")
        .containsPattern("bytes: \\S+ KB added");
    assertThat(run("diff", "app:v1", "app:v2", "--exit-code").exit()).isEqualTo(1);
    run("diff", "app:v1", "app:v1", "--exit-code").succeeds();
    JsonNode json = run("diff", "app:v1", "app:v2", "--json").json();
    assertThat(
            json.path("platforms").path(0).path("containerImages").path(0).path("change").asText())
        .isEqualTo("changed");

    Path whole = work.resolve("v1.tar");
    Path delta = work.resolve("delta.tar");
    run("save", "app:v1", "-o", whole).succeeds();
    run("delta", "app:v1", "app:v2", "-o", delta).succeeds();
    store = work.resolve("site");
    Run early = run("load", "-i", delta);
    assertThat(early.exit()).isEqualTo(1);
    assertThat(early.err()).contains("is a delta to").contains("sha256:");
    run("load", "-i", whole).succeeds();
    assertThat(run("load", "-i", delta).succeeds().out()).startsWith("app:v2 sha256:");
    run("verify", "app:v2").succeeds();
  }

  @Test
  void partsAndImagesInArchives() throws IOException {
    Path parts = work.resolve("parts");
    run("save", "app:v1", "-o", parts, "--chunk-size", "20K").succeeds();
    assertThat(parts.resolve("part-00002")).exists();
    String digest = run("inspect", "app:v1").json().path("digest").asText();
    store = work.resolve("site");
    assertThat(run("inspect", parts).succeeds().json().path("digest").asText()).isEqualTo(digest);
    run("verify", parts.resolve("part-00001")).succeeds();
    assertThat(run("images").out()).doesNotContain("app");
    run("load", "-i", parts).succeeds();
    Files.delete(parts.resolve("part-00002"));
    Run broken = run("load", "-i", parts);
    assertThat(broken.exit()).isEqualTo(1);
    assertThat(broken.err()).contains("part-00002").contains("copy part-00002 again");
  }

  @Test
  void mergesRelocatesAndTidies() throws IOException {
    build("db:v1", "team/db:1");
    assertThat(run("merge", "-t", "all:v1", "app:v1", "db:v1").succeeds().out())
        .startsWith("all:v1 sha256:");
    try (EmbeddedRegistry target = EmbeddedRegistry.start()) {
      Run moved =
          run("relocate", "all:v1", target.address() + "/mirror", "--plain-http", target.address());
      assertThat(moved.succeeds().out())
          .contains(
              registry.address() + "/team/db:1 " + target.address() + "/mirror/team/db:1 sha256:");
      JsonNode again =
          run(
                  "relocate",
                  "all:v1",
                  target.address() + "/mirror",
                  "--json",
                  "--plain-http",
                  target.address())
              .json();
      assertThat(again).hasSize(2).allMatch(entry -> entry.path("sentBytes").asLong() == 0);
    }
    run("rmi", "db:v1", "all:v1", "app:v1").succeeds();
    JsonNode usage = run("usage", "--json").json();
    long reclaimable = usage.path("reclaimable").path("bytes").asLong();
    assertThat(reclaimable).isGreaterThan(100_000);
    assertThat(run("prune", "--dry-run", "--json").json().path("bytes").asLong())
        .isEqualTo(reclaimable);
    assertThat(run("prune", "--older-than", "30d").out()).contains("0 blobs");
    assertThat(run("prune").out()).contains("deleted").contains("freed");
    assertThat(run("usage").out()).contains("of which prune frees 0 B");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "merge -t all:v1 app:v1",
        "save app:v1 -o x --chunk-size 4X",
        "save app:v1 -o x --chunk-size 0",
        "prune --older-than 3w",
        "diff app:v1",
        "delta app:v1 app:v1"
      })
  void wrongUsageEndsWithTwo(String line) {
    Run wrong = run((Object[]) line.split(" "));
    assertThat(wrong.exit()).as(wrong.err()).isEqualTo(2);
  }
}
