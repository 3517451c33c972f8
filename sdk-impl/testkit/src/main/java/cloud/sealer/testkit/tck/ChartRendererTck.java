package cloud.sealer.testkit.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ChartRenderer;
import cloud.sealer.sdk.spi.ChartRenderer.Document;
import cloud.sealer.sdk.spi.FileTree;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks a {@link ChartRenderer} on small charts. Skipped where the renderer says that it does not
 * work.
 */
@Timeout(300)
public abstract class ChartRendererTck {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String META = "apiVersion: v2\nname: %s\nversion: 1.0.0\n";

  @TempDir private Path scratch;
  private ChartRenderer renderer;

  /** For subclasses. */
  @SuppressWarnings("NullAway.Init")
  protected ChartRendererTck() {}

  /**
   * Makes a renderer.
   *
   * @return a renderer
   */
  protected abstract ChartRenderer renderer();

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

  private static String object(String name, String value) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "
        + name
        + "}\ndata: {value: \""
        + value
        + "\"}\n";
  }

  /** A chart named {@code web} with more files. */
  private static Map<String, String> chart(String... pathsAndTexts) {
    Map<String, String> files = new TreeMap<>();
    files.put("Chart.yaml", META.formatted("web"));
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      files.put(pathsAndTexts[i], pathsAndTexts[i + 1]);
    }
    return files;
  }

  private static ChartRenderer.Request request(
      Map<String, String> files, String values, String version, Duration timeout, String... apis) {
    List<FileTree.Entry> entries = new ArrayList<>();
    files.forEach(
        (path, text) -> {
          byte[] bytes = text.getBytes(UTF_8);
          entries.add(
              FileTree.Entry.file(
                  RootfsPath.of(path), 0644, bytes.length, () -> new ByteArrayInputStream(bytes)));
        });
    return new ChartRenderer.Request(
        () -> entries,
        "charts/web",
        Optional.of(values).filter(text -> !text.isEmpty()),
        Optional.of(version).filter(text -> !text.isEmpty()),
        List.of(apis),
        timeout);
  }

  private List<Document> render(ChartRenderer.Request request) {
    try (ChartRenderer.Session session = renderer.charts(scratch)) {
      return session.render(request);
    }
  }

  private List<Document> render(Map<String, String> files, String... apis) {
    return render(request(files, "", "v1.28.3", LONG, apis));
  }

  private List<String> templates(Map<String, String> files) {
    return render(files).stream().map(Document::template).toList();
  }

  private SealerException refused(Map<String, String> files) {
    return Tck.failure(() -> render(files), ErrorCode.RENDER_FAILED);
  }

  @Test
  void nameIsAWord() {
    assertThat(renderer.name()).matches("[a-z0-9-]+");
  }

  @Test
  void documentNamesItsTemplateAndHasTheValues() {
    List<Document> documents =
        render(
            request(
                chart(
                    "values.yaml",
                    "a: own\nb: own\n",
                    "templates/x.yaml",
                    object("x", "{{ .Values.a }} {{ .Values.b }} {{ .Chart.Name }} grüß")),
                "b: given\n",
                "v1.28.3",
                LONG));

    assertThat(documents).extracting(Document::template).containsExactly("web/templates/x.yaml");
    assertThat(documents.get(0).text()).contains("own given web grüß");
  }

  @Test
  void chartWithoutObjectsGivesNothing() {
    assertThat(render(chart("values.yaml", "a: b\n"))).isEmpty();
  }

  @Test
  void hooksTestsAndCrdsAreIncluded() {
    String annotated = "metadata: {annotations: {\"helm.sh/hook\": %s}, name: ";
    assertThat(
            templates(
                chart(
                    "templates/hook.yaml",
                    object("h", "")
                        .replace("metadata: {name: ", annotated.formatted("pre-install")),
                    "templates/tests/t.yaml",
                    object("t", "").replace("metadata: {name: ", annotated.formatted("test")),
                    "crds/c.yaml",
                    object("c", "{{ no template }}"))))
        .containsExactlyInAnyOrder(
            "web/templates/hook.yaml", "web/templates/tests/t.yaml", "web/crds/c.yaml");
  }

  @Test
  void dependenciesFollowConditionsTagsAndAliases() {
    Map<String, String> files =
        chart(
            "values.yaml",
            "unused: {enabled: false}\ntags: {never: false}\nsecond: {v: two}\n",
            "charts/db/Chart.yaml",
            META.formatted("db"),
            "charts/db/values.yaml",
            "v: one\n",
            "charts/db/templates/x.yaml",
            object("db", "{{ .Values.v }}"));
    files.put(
        "Chart.yaml",
        META.formatted("web")
            + "dependencies:\n"
            + "- {name: db, version: 1.0.0}\n"
            + "- {name: db, version: 1.0.0, alias: second}\n"
            + "- {name: db, version: 1.0.0, alias: unused, condition: unused.enabled}\n"
            + "- {name: db, version: 1.0.0, alias: tagged, tags: [never]}\n");

    assertThat(render(files))
        .extracting(d -> d.template() + (d.text().contains("two") ? " two" : " one"))
        .containsExactlyInAnyOrder(
            "web/charts/db/templates/x.yaml one", "web/charts/second/templates/x.yaml two");
  }

  @Test
  void missingDependencyIsNamed() {
    Map<String, String> files = chart();
    files.put(
        "Chart.yaml",
        META.formatted("web")
            + "dependencies: [{name: gone, version: 1.0.0, repository: 'oci://127.0.0.1:1/x'}]\n");

    assertThat(refused(files).getMessage()).contains("charts/web", "gone");
  }

  @Test
  void versionsOfTheClusterAreThoseOfTheRequest() {
    String template =
        object("x", "{{ .Capabilities.KubeVersion.Version }}")
            + "{{- if .Capabilities.APIVersions.Has \"acme.io/v1\" }}\n---\n"
            + object("y", "")
            + "{{- end }}\n{{- if .Capabilities.APIVersions.Has \"apps/v1\" }}\n---\n"
            + object("z", "")
            + "{{- end }}\n";

    assertThat(render(chart("templates/x.yaml", template))).hasSize(2);
    assertThat(render(chart("templates/x.yaml", template), "acme.io/v1"))
        .hasSize(3)
        .anySatisfy(document -> assertThat(document.text()).contains("v1.28.3"));
  }

  @Test
  void constraintOfTheChartHoldsWhereTheVersionIsKnown() {
    Map<String, String> files = chart("templates/x.yaml", object("x", ""));
    files.put("Chart.yaml", META.formatted("web") + "kubeVersion: '>=1.99.0'\n");

    assertThat(refused(files).getMessage()).contains("1.99.0");
    assertThat(render(request(files, "", "", LONG))).hasSize(1);
  }

  @Test
  void lookupFindsNothing() {
    String template =
        "{{- if not (lookup \"v1\" \"Secret\" \"default\" \"s\") }}\n"
            + object("none", "{{ len (lookup \"v1\" \"Node\" \"\" \"\") }}")
            + "{{- end }}\n";

    assertThat(render(chart("templates/x.yaml", template)))
        .singleElement()
        .satisfies(document -> assertThat(document.text()).contains("value: \"0\""));
  }

  @Test
  void mistakesAreNamedWithChartTemplateAndLine() {
    assertThat(refused(chart("templates/x.yaml", "a: b\nc: {{ .Values.no.such }}\n")).getMessage())
        .contains("charts/web", "web/templates/x.yaml:2");
    assertThat(
            refused(chart("templates/x.yaml", "a: {{ required \"give a host\" .Values.host }}\n"))
                .getMessage())
        .contains("charts/web", "web/templates/x.yaml:1", "give a host");
    assertThat(refused(chart("templates/x.yaml", "a: {{ if }}\n")).getMessage())
        .contains("web/templates/x.yaml:1");
  }

  @Test
  void valuesThatTheSchemaForbidsAreRefused() {
    String schema = "{\"type\": \"object\", \"required\": [\"domain\"]}";

    assertThat(refused(chart("values.schema.json", schema)).getMessage())
        .contains("charts/web", "domain");
  }

  @Test
  void sessionGoesOnAfterAFailure() {
    try (ChartRenderer.Session session = renderer.charts(scratch)) {
      Map<String, String> bad = chart("templates/x.yaml", "{{ fail \"no\" }}");
      Tck.failure(() -> session.render(request(bad, "", "v1.28.3", LONG)), ErrorCode.RENDER_FAILED);
      Map<String, String> good = chart("templates/y.yaml", object("y", ""));
      assertThat(session.render(request(good, "", "v1.28.3", LONG)))
          .extracting(Document::template)
          .containsExactly("web/templates/y.yaml");
    }
  }

  @Test
  void endlessChartIsEnded() {
    Map<String, String> endless =
        chart(
            "templates/x.yaml", "{{ range until 30000 }}{{ range until 30000 }}{{ end }}{{ end }}");
    long start = System.nanoTime();
    try (ChartRenderer.Session session = renderer.charts(scratch)) {
      Tck.failure(() -> session.render(request(endless, "", "", Duration.ofSeconds(1))));
      Map<String, String> good = chart("templates/y.yaml", object("y", ""));
      assertThat(session.render(request(good, "", "", LONG))).hasSize(1);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(90));
  }

  @Test
  void interruptedThreadIsCancelledAtOnce() {
    try (ChartRenderer.Session session = renderer.charts(scratch)) {
      Map<String, String> files = chart("templates/x.yaml", object("x", ""));
      Tck.interruptedBefore(() -> session.render(request(files, "", "v1.28.3", LONG)));
    }
  }
}
