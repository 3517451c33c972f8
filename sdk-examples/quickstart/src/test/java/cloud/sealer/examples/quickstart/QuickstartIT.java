package cloud.sealer.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the quickstart and reads what it prints. */
@Timeout(120)
class QuickstartIT {
  @Test
  void showsTheMainJob() throws IOException {
    String printed = run();

    assertThat(printed.lines())
        .as("builds, then finds everything in the cache")
        .containsSubsequence(
            "  done    COPY . .",
            "  CMD helm install mytest charts/traefik",
            "  | 4.0.0",
            "  done    RUN echo ${Version}",
            "  done    COPY recommended.yaml manifests",
            "  cached  RUN echo ${Version}",
            "  cached  COPY recommended.yaml manifests");
    assertThat(printed).contains("6 executed, 0 cached").contains("0 executed, 6 cached");
    assertThat(printed)
        .as("verified in the other store")
        .contains("all good; same digest as built");
    assertThat(printed)
        .as("the report names file, object, place and rule")
        .containsPattern(
            "127\\.0\\.0\\.1:\\d+/kubernetesui/dashboard:v2\\.2\\.0\n"
                + " +manifests/recommended\\.yaml:\\d+ "
                + "\\(Deployment/kubernetes-dashboard/kubernetes-dashboard "
                + "spec\\.template\\.spec\\.containers\\[0]\\.image\\) \\[pod-spec]")
        .contains("0 suspected, 0 excluded, 0 unresolved");
    assertThat(printed)
        .as("the image carries its own container images and those of its base")
        .containsPattern("image 127\\.0\\.0\\.1:\\d+/pause:3\\.2")
        .containsPattern("image 127\\.0\\.0\\.1:\\d+/library/mysql:8\\.0\\.26");
    assertThat(printed.lines())
        .as("the unpacked files")
        .containsSubsequence(
            "  ├── bin",
            "  │   ├── kubectl",
            "  ├── charts",
            "  │   └── traefik",
            "  │       └── values.yaml",
            "  │   └── mysql.tar",
            "  │   └── recommended.yaml",
            "  │   └── shell.yaml");
    assertThat(printed).containsPattern("── registry \\(\\d+ files\\)");
  }

  private static String run() throws IOException {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      Quickstart.main(new String[0]);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
