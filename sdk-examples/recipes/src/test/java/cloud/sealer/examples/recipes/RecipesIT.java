package cloud.sealer.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs every recipe as a user would and reads what it prints. */
@Timeout(120)
class RecipesIT {
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  @TempDir private Path store;

  private interface Recipe {
    void main(String[] args) throws Exception;
  }

  private String run(Recipe recipe) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      recipe.main(new String[] {store.toString()});
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void buildsAndPushesAnImageThatCarriesAnother() throws Exception {
    assertThat(run(BuildImage::main).lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("carries 127\\.0\\.0\\.1:\\d+/library/nginx:1\\.21"),
            line -> assertThat(line).matches("pushed " + DIGEST));
  }

  @Test
  void listsImagesWithoutARegistry() throws Exception {
    assertThat(run(DiscoverOnly::main))
        .contains("docker.io/library/nginx:1.21")
        .contains("manifests/web.yaml")
        .contains("spec.containers[0].image")
        .contains("left out: ")
        .contains("busybox:1.34");
  }

  @Test
  void givesTheSameDigestFromMemoryEachTime() throws Exception {
    String first = run(InMemoryContext::main).strip();
    store = store.resolve("another");

    assertThat(first).matches(DIGEST);
    assertThat(run(InMemoryContext::main).strip()).isEqualTo(first);
  }

  @Test
  void cancelsABuild() throws Exception {
    assertThat(run(CancelBuild::main).lines())
        .containsExactly("CANCELLED, interrupt flag kept", "images in the store: 0");
  }

  @Test
  void showsProgressAsATree() throws Exception {
    String printed = run(ShowProgress::main);

    assertThat(printed.lines())
        .containsSubsequence(
            "    INSTRUCTION COPY data .",
            "      DONE",
            "    INSTRUCTION RUN echo made while building > note.txt; cat note.txt",
            "      | made while building",
            "      DONE");
    assertThat(printed.lines().reduce((first, last) -> last)).contains("    DONE");
  }
}
