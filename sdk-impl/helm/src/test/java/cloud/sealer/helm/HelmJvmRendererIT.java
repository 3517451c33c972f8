package cloud.sealer.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ChartRenderer;
import cloud.sealer.sdk.spi.ChartRenderer.Document;
import cloud.sealer.sdk.spi.FileTree;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HelmJvmRendererIT {
  @TempDir Path scratch;

  private final HelmJvmRenderer renderer = new HelmJvmRenderer();

  @BeforeAll
  static void needsTheEngine() {
    Engine.assumeThere();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(scratch).isEmptyDirectory();
    assertThat(children()).isEmpty();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("sealer-helm");
  }

  private static List<ProcessHandle> children() {
    return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
  }

  private static FileTree chart(String template, String... chartLines) {
    return Charts.tree(
        Map.of("Chart.yaml", Charts.chart("web", chartLines), "templates/x.yaml", template));
  }

  private Map<String, String> render(ChartRenderer.Request request) {
    try (ChartRenderer.Session session = renderer.charts(scratch)) {
      return session.render(request).stream()
          .collect(Collectors.toMap(Document::template, Document::text, String::concat));
    }
  }

  @Test
  void dependenciesFollowConditionsTagsAndAliases() throws Exception {
    Map<String, Object> files = new HashMap<>();
    files.put(
        "Chart.yaml",
        Charts.chart(
            "web",
            "dependencies:",
            "- {name: db, version: 1.0.0, alias: store}",
            "- {name: db, version: 1.0.0, condition: extra.enabled, alias: extra}",
            "- {name: mq, version: 1.0.0, tags: [queue]}",
            "- {name: deep, version: 1.0.0}"));
    files.put("values.yaml", "extra: {enabled: false}\ntags: {queue: false}\nstore: {tag: two}\n");
    files.put("templates/a.yaml", Charts.pod("a", "a:1"));
    byte[] db =
        Charts.packed(
            "db",
            Map.of(
                "Chart.yaml",
                Charts.chart("db"),
                "values.yaml",
                "tag: one\n",
                "crds/c.yaml",
                "kind: ConfigMap\napiVersion: v1\nmetadata: {name: '{{ c }}'}\n",
                "templates/hook.yaml",
                Charts.pod("hook", "db:{{ .Values.tag }}", "\"helm.sh/hook\": pre-install")));
    files.put("charts/db-1.0.0.tgz", db);
    files.put("charts/mq/Chart.yaml", Charts.chart("mq"));
    files.put("charts/mq/templates/x.yaml", Charts.pod("mq", "mq:1"));
    files.put("charts/mq/crds/x.yaml", "kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\n");
    files.put("charts/deep/Chart.yaml", Charts.chart("deep"));
    files.put("charts/deep/charts/deeper/Chart.yaml", Charts.chart("deeper"));
    files.put("charts/deep/charts/deeper/templates/x.yaml", Charts.pod("d", "deeper:1"));
    Map<String, String> rendered = render(Engine.request(Charts.tree(files)));
    assertThat(rendered)
        .containsOnlyKeys(
            "web/templates/a.yaml",
            "web/charts/store/templates/hook.yaml",
            "web/charts/store/crds/c.yaml",
            "web/charts/deep/charts/deeper/templates/x.yaml");
    assertThat(rendered.get("web/charts/store/templates/hook.yaml"))
        .contains("image: db:two")
        .contains("\"helm.sh/hook\": pre-install");
  }

  @Test
  void hooksTestsAndCrdsAreIncluded() {
    String crds =
        "kind: ConfigMap\napiVersion: v1\nmetadata: {name: '{{ a }}'}\n---\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: b}\n";
    Map<String, String> rendered =
        render(
            Engine.request(
                Charts.tree(
                    Map.of(
                        "Chart.yaml",
                        Charts.chart("web"),
                        "values.yaml",
                        "notes: {helm.sh/hook: post-install, helm.sh/hook-weight: '2'}",
                        "crds/a.yaml",
                        crds,
                        "crds/README.md",
                        "no manifest",
                        "templates/tests/t.yaml",
                        Charts.pod("t", "t:1", "helm.sh/hook: test"),
                        "templates/job.yaml",
                        Charts.pod("j", "j:1", "{{- toYaml .Values.notes | nindent 4 }}")))));
    assertThat(rendered)
        .containsOnlyKeys(
            "web/crds/a.yaml", "web/templates/tests/t.yaml", "web/templates/job.yaml");
    assertThat(rendered.get("web/crds/a.yaml")).contains("name: '{{ a }}'").contains("name: b");
    assertThat(rendered.get("web/templates/job.yaml"))
        .contains("\n    helm.sh/hook: post-install\n");
  }

  @Test
  void lookupFindsNothing() {
    String template =
        """
        a: {{ lookup "v1" "Secret" "x" "y" | toJson }}
        b: {{ len (lookup "apps/v1" "Deployment" "x" "") }}
        c: {{ len (lookup "acme.io/v1" "Thing" "" "") }}
        """;
    assertThat(render(Engine.request(chart(template))))
        .containsEntry("web/templates/x.yaml", "a: {}\nb: 0\nc: 0\n");
  }

  @Test
  void lookupNeedsNoNetworkNotEvenLoopback(@TempDir Path programs) throws Exception {
    String unshare = "unshare --user --map-root-user --net";
    Process there = new ProcessBuilder("sh", "-c", unshare + " true").start();
    assumeTrue(there.waitFor() == 0, "network namespaces cannot be made here");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path isolated = programs.resolve("java");
    Files.writeString(isolated, "#!/bin/sh\nexec " + unshare + " '" + java + "' \"$@\"\n");
    assertThat(isolated.toFile().setExecutable(true)).isTrue();
    String template =
        """
        a: {{ (lookup "v1" "Secret" "x" "y").data | toJson }}
        b: {{ len ("y" | lookup "v1" "ConfigMap" "x") }}
        c: '{{ if not (lookup "v1" "Node" "" "") }}lookup{{ end }}'
        """;
    try (ChartRenderer.Session session = new HelmJvmRenderer(isolated, List.of()).charts(scratch)) {
      assertThat(session.render(Engine.request(chart(template))))
          .extracting(Document::text)
          .containsExactly("a: null\nb: 0\nc: 'lookup'\n");
    }
  }

  @Test
  void versionsAndValuesReachTheTemplates() {
    String template =
        """
        k: {{ .Capabilities.KubeVersion.Version }}
        a: {{ .Capabilities.APIVersions.Has "acme.io/v1" }}
        b: {{ $.Capabilities.APIVersions.Has "acme.io/v2" | not }}
        c: {{ .Capabilities.APIVersions.Has "apps/v1" }}
        v: {{ .Values.name }}
        """;
    assertThat(
            render(
                Engine.request(
                    chart(template, "kubeVersion: '>=1.25'"),
                    "name: ünï",
                    "v1.28.3",
                    Duration.ofSeconds(60),
                    "acme.io/v1")))
        .containsEntry("web/templates/x.yaml", "k: v1.28.3\na: true\nb: true\nc: true\nv: ünï\n");
  }

  @Test
  void anUnknownKubernetesVersionBreaksNoConstraint() {
    for (String range : List.of("<1.20", ">=1.30-0")) {
      assertThat(render(Engine.request(chart("a: b", "kubeVersion: '" + range + "'")))).hasSize(1);
    }
    assertThatThrownBy(
            () ->
                render(
                    Engine.request(
                        chart("a: b", "kubeVersion: '<1.20'"),
                        "",
                        "v1.28.3",
                        Duration.ofMinutes(1))))
        .hasMessageContaining("<1.20")
        .hasMessageContaining("v1.28.3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: {{ .Values.x.y }} | web/templates/x.yaml:1: ",
        "{{/**/}}\\na: {{ required \"need x\" .Values.x }} | web/templates/x.yaml:2: need x",
        "a:\\n b: c\\n  d: e | web/templates/x.yaml:3: ",
        "a\\n{{ if }} | web/templates/x.yaml:2: ",
        "a: {{ tpl \"{{ .a.b.c }}\" . }} | web/templates/x.yaml:1: ",
      })
  void aMistakeIsNamedWithTemplateAndLine(String template, String place) {
    try (ChartRenderer.Session session = renderer.charts(scratch)) {
      SealerException e =
          catchThrowableOfType(
              SealerException.class,
              () -> session.render(Engine.request(chart(template.replace("\\n", "\n")))));
      assertThat(e.code()).isEqualTo(ErrorCode.RENDER_FAILED);
      assertThat(e).hasMessageStartingWith("charts/web: cannot be rendered: " + place);
      assertThat(e.details()).containsEntry("template", "web/templates/x.yaml");
      assertThat(session.render(Engine.request(chart("a: b")))).hasSize(1);
    }
  }

  @Test
  void aMissingDependencyIsNamed() {
    assertThatThrownBy(
            () ->
                render(
                    Engine.request(chart("a: b", "dependencies: [{name: gone, version: 1.0.0}]"))))
        .hasMessageContaining("missing in charts/ directory: gone");
  }

  @Test
  void brokenValuesAreNamedWithoutOurPaths() {
    assertThatThrownBy(
            () -> render(Engine.request(chart("a: b"), "a: b: c", "", Duration.ofMinutes(1))))
        .hasMessageContaining("values.yaml")
        .hasMessageNotContaining(scratch.toString());
  }

  @Test
  void oneChildServesManyCharts() {
    try (ChartRenderer.Session session = renderer.charts(scratch)) {
      assertThat(children()).isEmpty();
      session.render(Engine.request(chart("a: b")));
      List<ProcessHandle> child = children();
      for (int i = 0; i < 20; i++) {
        assertThat(session.render(Engine.request(chart("i: " + i))).get(0).text())
            .isEqualTo("i: " + i + "\n");
      }
      assertThat(children()).isEqualTo(child).hasSize(1);
    }
  }

  @Test
  void aHangIsOneErrorAndTheSessionGoesOn() {
    try (ChartRenderer.Session session = renderer.charts(scratch)) {
      assertThatThrownBy(
              () -> session.render(Engine.request(Engine.ENDLESS, "", "", Duration.ofMillis(1500))))
          .isInstanceOf(SealerException.class)
          .hasMessage("charts/web: the Helm engine did not answer within 1500 ms");
      assertThat(session.render(Engine.request(chart("a: b")))).hasSize(1);
    }
  }

  @Test
  void aCrashIsOneErrorAndTheSessionGoesOn() {
    try (ChartRenderer.Session session = renderer.charts(scratch)) {
      session.render(Engine.request(chart("a: b")));
      Thread killer =
          new Thread(
              () -> {
                sleep(300);
                children().forEach(ProcessHandle::destroyForcibly);
              });
      killer.start();
      assertThatThrownBy(() -> session.render(Engine.request(Engine.ENDLESS)))
          .isInstanceOf(SealerException.class)
          .hasMessageContaining("charts/web: the process of the Helm engine ended with status 137");
      assertThat(session.render(Engine.request(chart("a: b")))).hasSize(1);
    }
  }

  @Test
  void aChildThatCannotStartSaysWhy() {
    HelmJvmRenderer broken =
        new HelmJvmRenderer(
            Path.of(System.getProperty("java.home"), "bin", "java"), List.of("-XX:+NoSuchOption"));
    try (ChartRenderer.Session session = broken.charts(scratch)) {
      assertThatThrownBy(() -> session.render(Engine.request(chart("a: b"))))
          .isInstanceOf(SealerException.class)
          .hasMessageContaining("start of the Helm engine")
          .hasMessageContaining("NoSuchOption");
    }
    assertThat(new HelmJvmRenderer(scratch.resolve("java"), List.of()).unavailable()).isPresent();
  }

  @Test
  void anUnreadableFileIsNamedAndTheSessionGoesOn() {
    FileTree.Entry bad =
        FileTree.Entry.file(
            RootfsPath.of("templates/bad.yaml"),
            0644,
            1,
            () -> {
              throw new IOException("disk gone");
            });
    try (ChartRenderer.Session session = renderer.charts(scratch)) {
      FileTree chart = Charts.tree(Map.of("Chart.yaml", Charts.chart("web")), bad);
      assertThatThrownBy(() -> session.render(Engine.request(chart)))
          .isInstanceOf(SealerException.class)
          .hasMessage("charts/web: cannot read templates/bad.yaml: disk gone");
      assertThat(session.render(Engine.request(chart("a: b")))).hasSize(1);
    }
  }

  @Test
  void anInterruptEndsTheChild() {
    try (ChartRenderer.Session session = renderer.charts(scratch)) {
      session.render(Engine.request(chart("a: b")));
      Thread test = Thread.currentThread();
      Thread interrupter =
          new Thread(
              () -> {
                sleep(300);
                test.interrupt();
              });
      interrupter.start();
      SealerException e =
          catchThrowableOfType(
              SealerException.class, () -> session.render(Engine.request(Engine.ENDLESS)));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
      assertThat(children()).isEmpty();
    }
  }

  @Test
  void jarsThatNoFileNameLeadsToAreCopied() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String name = "com/marcnuri/helm/Helm.class";
    String url = getClass().getClassLoader().getResource(name).toString();
    Path jar = Path.of(URI.create(url.substring("jar:".length(), url.indexOf("!/"))));
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, Files.size(jar));
          try (OutputStream out = exchange.getResponseBody()) {
            Files.copy(jar, out);
          }
        });
    server.start();
    URL[] urls = {new URL("http://127.0.0.1:" + server.getAddress().getPort() + "/helm.jar")};
    Path directory = Files.createDirectory(scratch.resolve("copies"));
    try (URLClassLoader remote = new URLClassLoader(urls, null)) {
      ClassLoader loader =
          new ClassLoader(getClass().getClassLoader()) {
            @Override
            public URL getResource(String wanted) {
              return wanted.equals(name) ? remote.getResource(name) : super.getResource(wanted);
            }
          };
      ChildClassPath classPath = new ChildClassPath(loader);
      assertThat(classPath.value(directory)).contains(directory.toString());
      try (ChildProcess child =
          new ChildProcess(
              Path.of(System.getProperty("java.home"), "bin", "java"),
              List.of(),
              classPath,
              scratch)) {
        assertThat(child.isAlive()).isTrue();
      }
    } finally {
      server.stop(0);
      cloud.sealer.helm.child.Deletion.delete(directory);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
