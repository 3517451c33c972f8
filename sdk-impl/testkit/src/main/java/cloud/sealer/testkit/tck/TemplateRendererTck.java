package cloud.sealer.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.TemplateRenderer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checks a {@link TemplateRenderer}. Skipped where the renderer says that it does not work. */
@Timeout(300)
public abstract class TemplateRendererTck {
  private static final RootfsPath A = RootfsPath.of("etc/a.conf.tmpl");
  private static final RootfsPath B = RootfsPath.of("manifests/b.yaml.tmpl");

  @TempDir private Path scratch;
  private TemplateRenderer renderer;

  /** For subclasses. */
  @SuppressWarnings("NullAway.Init")
  protected TemplateRendererTck() {}

  /**
   * Makes a renderer.
   *
   * @return a renderer
   */
  protected abstract TemplateRenderer renderer();

  @BeforeEach
  void prepare() {
    renderer = renderer();
    Optional<String> reason = renderer.unavailable();
    assumeTrue(reason.isEmpty(), () -> renderer.name() + ": " + reason.orElse(""));
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(scratch).as("scratch directory after the sessions").isEmptyDirectory();
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
        .as("processes after the sessions")
        .isEmpty();
  }

  private static TemplateRenderer.Request request(
      Map<RootfsPath, String> templates, Map<String, ?> environment) {
    return new TemplateRenderer.Request(templates, environment, Duration.ofSeconds(60));
  }

  private Map<RootfsPath, String> render(
      Map<RootfsPath, String> templates, Map<String, ?> environment) {
    try (TemplateRenderer.Session session = renderer.templates(scratch)) {
      return session.render(request(templates, environment));
    }
  }

  private String render(String template, Map<String, ?> environment) {
    return render(Map.of(A, template), environment).getOrDefault(A, "");
  }

  @Test
  void nameIsAWord() {
    assertThat(renderer.name()).matches("[a-z0-9-]+");
  }

  @Test
  void environmentIsTheRoot() {
    Map<String, Object> environment =
        Map.of("Port", "8080000", "On", true, "Hosts", List.of("h1", "h2"), "Of", Map.of("k", "v"));

    assertThat(
            render(
                "{{ .Port }} {{ if .On }}on{{ end }} {{ join \"+\" .Hosts }} {{ .Of.k | upper }}",
                environment))
        .isEqualTo("8080000 on h1+h2 V");
  }

  @Test
  void unknownNamesAreEmpty() {
    assertThat(render("[{{ .Missing }}]", Map.of())).isEqualTo("[]");
  }

  @Test
  void textIsKeptByteForByte() {
    String text = "  a\t\"b\" 'c' <d> & é 漢 \\n\r\n---\n# x\n\n";

    assertThat(render(text, Map.of())).isEqualTo(text);
    assertThat(render("", Map.of())).isEmpty();
  }

  @Test
  void valuesAreNoTemplates() {
    assertThat(render("{{ .V }}", Map.of("V", "{{ .W }} $(x)"))).isEqualTo("{{ .W }} $(x)");
  }

  @Test
  void eachTemplateStandsAlone() {
    assertThat(render(Map.of(A, "{{ .x }}1", B, "{{ .x }}2"), Map.of("x", "v")))
        .containsOnly(Map.entry(A, "v1"), Map.entry(B, "v2"));
    String define = "{{ define \"t\" }}x{{ end }}";
    try (TemplateRenderer.Session session = renderer.templates(scratch)) {
      Tck.failure(
          () -> session.render(request(Map.of(A, define, B, "{{ template \"t\" }}"), Map.of())),
          ErrorCode.RENDER_FAILED);
    }
  }

  @Test
  void noTemplatesGiveNothing() {
    assertThat(render(Map.of(), Map.of("x", "y"))).isEmpty();
  }

  @Test
  void mistakeIsNamedWithFileAndLineAndQuotesNothingElse() {
    SealerException failure =
        Tck.failure(
            () -> render(Map.of(A, "fine", B, "password: hunter2\n{{ nofunc }}"), Map.of()),
            ErrorCode.RENDER_FAILED);

    assertThat(failure.getMessage())
        .contains("manifests/b.yaml.tmpl", "line 2", "nofunc")
        .doesNotContain("hunter2");
  }

  @Test
  void otherValuesAreRefused() {
    assertThatThrownBy(() -> render("x", Map.of("n", 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sessionGoesOnAfterAFailure() {
    try (TemplateRenderer.Session session = renderer.templates(scratch)) {
      Tck.failure(
          () -> session.render(request(Map.of(A, "{{ end }}"), Map.of())), ErrorCode.RENDER_FAILED);
      assertThat(session.render(request(Map.of(A, "{{ .x }}"), Map.of("x", "again"))))
          .containsEntry(A, "again");
    }
  }

  @Test
  void interruptedThreadIsCancelledAtOnce() {
    try (TemplateRenderer.Session session = renderer.templates(scratch)) {
      Tck.interruptedBefore(() -> session.render(request(Map.of(A, "x"), Map.of())));
    }
  }
}
