package cloud.sealer.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ChartRenderer;
import cloud.sealer.sdk.spi.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With shell scripts in the place of helm. */
class HelmProgramRendererIT {
  private static final FileTree CHART =
      Charts.tree(Map.of("Chart.yaml", Charts.chart("web"), "templates/x.yaml", "a: b"));

  @TempDir Path directory;
  @TempDir Path scratch;

  @AfterEach
  void nothingIsLeft() {
    assertThat(scratch).isEmptyDirectory();
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  private HelmProgramRenderer helm(String... lines) throws IOException {
    Path program = directory.resolve("helm");
    Files.writeString(program, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return new HelmProgramRenderer(program);
  }

  private List<ChartRenderer.Document> render(HelmProgramRenderer renderer, Duration timeout) {
    try (ChartRenderer.Session session = renderer.charts(scratch)) {
      return session.render(Engine.request(CHART, "x: y\n", "v1.28.3", timeout, "acme.io/v1"));
    }
  }

  @Test
  void theProgramGetsTheChartAndNothingOfTheUser() throws IOException {
    HelmProgramRenderer helm =
        helm(
            "echo '---'",
            "echo '# Source: web/templates/x.yaml'",
            "echo \"args: $*\"",
            "echo \"home: $HOME $KUBECONFIG $PATH_FROM_USER\"",
            "/bin/cat values.yaml chart/templates/x.yaml");
    ChartRenderer.Document document = render(helm, Duration.ofSeconds(20)).get(0);
    assertThat(document.template()).isEqualTo("web/templates/x.yaml");
    assertThat(document.text().lines())
        .contains(
            "args: template release chart --namespace=default --include-crds --values=values.yaml"
                + " --kube-version=v1.28.3 --api-versions=acme.io/v1",
            "x: y",
            "a: b")
        .anySatisfy(line -> assertThat(line).startsWith("home: " + scratch));
  }

  @Test
  void whatItRefusesIsNamed() throws IOException {
    HelmProgramRenderer helm =
        helm(
            "echo 'Error: execution error at (web/templates/x.yaml:4:2): no password' >&2",
            "exit 1");
    assertThatThrownBy(() -> render(helm, Duration.ofSeconds(20)))
        .isInstanceOf(SealerException.class)
        .hasMessage("charts/web: cannot be rendered: web/templates/x.yaml:4: no password");
  }

  @Test
  void aHangIsEndedWithItsChildren() throws IOException {
    HelmProgramRenderer helm = helm("/bin/sleep 600 &", "wait");
    assertThatThrownBy(() -> render(helm, Duration.ofMillis(500)))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("did not end within 500 ms");
  }

  @Test
  void aMissingProgramIsSaidAtOnce() {
    HelmProgramRenderer none = new HelmProgramRenderer(directory.resolve("none"));
    assertThat(none.unavailable()).isPresent();
    assertThatThrownBy(() -> none.charts(scratch))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PROVIDER_MISSING));
  }
}
