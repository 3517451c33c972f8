package cloud.sealer.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.TemplateRenderer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplatesIT {
  private static final RootfsPath A = RootfsPath.of("etc/a.conf.tmpl");
  private static final RootfsPath B = RootfsPath.of("manifests/b.yaml.tmpl");

  @TempDir Path scratch;

  @BeforeAll
  static void needsTheEngine() {
    Engine.assumeThere();
  }

  private Map<RootfsPath, String> render(
      Map<RootfsPath, String> templates, Map<String, ?> environment) {
    try (TemplateRenderer.Session session = new HelmJvmRenderer().templates(scratch)) {
      return session.render(
          new TemplateRenderer.Request(templates, environment, Duration.ofSeconds(60)));
    }
  }

  @Test
  void theEnvironmentIsTheRoot() {
    Map<RootfsPath, String> rendered =
        render(
            Map.of(
                A,
                    "listen {{ .Port }};\r\n\t<&> {{ .Missing }}{{ range .Hosts }}[{{ . }}]{{ end }} é",
                B,
                    "a: {{ .Hosts }}\nb: {{ .Port | quote }}\nc: {{ .On }}{{ if eq .Port \"x\" }}!{{ end }}"),
            Map.of("Port", "8080000", "Hosts", List.of("h1", "h2"), "On", true));
    assertThat(rendered)
        .containsEntry(A, "listen 8080000;\r\n\t<&> [h1][h2] é")
        .containsEntry(B, "a: [h1 h2]\nb: \"8080000\"\nc: true");
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void aMistakeIsNamedWithFileAndLineAndQuotesNothing() {
    assertThatThrownBy(
            () -> render(Map.of(A, "fine", B, "password: hunter2\n{{ nofunc }}"), Map.of("k", "v")))
        .isInstanceOf(SealerException.class)
        .hasMessage(
            "manifests/b.yaml.tmpl: cannot be rendered: line 2: function \"nofunc\" not defined");
  }

  @Test
  void otherValuesAreRefused() {
    assertThatThrownBy(() -> render(Map.of(A, ""), Map.of("n", 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
