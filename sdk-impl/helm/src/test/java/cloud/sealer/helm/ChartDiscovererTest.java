package cloud.sealer.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.core.discovery.DiscoveryCollector;
import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ChartRenderer;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What is done around the renderer, which is a fake here. */
class ChartDiscovererTest {
  private static final ImageDiscoverer.Surroundings SURROUNDINGS =
      new ImageDiscoverer.Surroundings(
          Path.of("scratch"), Optional.of("v1.28.3"), List.of("acme.io/v1"));

  private final List<ChartRenderer.Request> requests = new ArrayList<>();
  private final Findings findings = new Findings();

  /** Keeps what is reported. */
  private static final class Findings implements ImageDiscoverer.Sink {
    final Map<String, List<ImageOrigin>> found = new TreeMap<>();
    final List<String> suspected = new ArrayList<>();
    final List<String> unresolved = new ArrayList<>();
    final List<String> notices = new ArrayList<>();
    final List<String> ranges = new ArrayList<>();

    @Override
    public void found(Reference image, ImageOrigin origin) {
      found.computeIfAbsent(image.toString(), key -> new ArrayList<>()).add(origin);
    }

    @Override
    public void suspected(String text, ImageOrigin origin, String reason) {
      suspected.add(text);
    }

    @Override
    public void unresolved(String text, ImageOrigin origin, String reason) {
      unresolved.add(text);
    }

    @Override
    public void notice(String message) {
      notices.add(message);
    }

    @Override
    public void needsKubernetes(String range, RootfsPath file) {
      ranges.add(range + " " + file);
    }
  }

  private void discover(
      FileTree files, Function<ChartRenderer.Request, List<ChartRenderer.Document>> render) {
    ChartRenderer renderer =
        new ChartRenderer() {
          @Override
          public String name() {
            return "fake";
          }

          @Override
          public Optional<String> unavailable() {
            return Optional.empty();
          }

          @Override
          public Session charts(Path scratch) {
            return new Session() {
              @Override
              public List<Document> render(Request request) {
                requests.add(request);
                return render.apply(request);
              }

              @Override
              public void close() {}
            };
          }
        };
    new ChartDiscoverer(renderer, Duration.ofSeconds(1)).discover(files, SURROUNDINGS, findings);
  }

  private void discover(FileTree files) {
    discover(files, request -> List.of());
  }

  @Test
  void onlyTopLevelChartsAreRendered() throws IOException {
    discover(
        Charts.tree(
            Map.of(
                "charts/web/Chart.yaml", Charts.chart("web"),
                "charts/web/charts/db/Chart.yaml", Charts.chart("db"),
                "charts/web/charts/mq-1.tgz",
                    Charts.packed("mq", Map.of("Chart.yaml", Charts.chart("mq"))),
                "charts/group/api/Chart.yaml", Charts.chart("api"),
                "charts/job-1.tgz", Charts.packed("job", Map.of("Chart.yaml", Charts.chart("job"))),
                "charts/data.tgz", Charts.packed("data", Map.of("x", "y")),
                "charts/lib/Chart.yaml", Charts.chart("lib", "type: library"),
                "manifests/x/Chart.yaml", Charts.chart("no"))));
    assertThat(requests)
        .extracting(ChartRenderer.Request::label)
        .containsExactly("charts/group/api", "charts/job-1.tgz", "charts/web");
    assertThat(findings.notices)
        .anySatisfy(notice -> assertThat(notice).startsWith("charts/data.tgz holds no Chart.yaml"))
        .anySatisfy(notice -> assertThat(notice).startsWith("charts/lib is a library chart"));
  }

  @Test
  void eachValuesFileIsRendered() {
    discover(
        Charts.tree(
            Map.of(
                "charts/web/Chart.yaml", Charts.chart("web"),
                "charts/web.prod/Chart.yaml", Charts.chart("other"),
                "charts/web.values.yaml", "a: 1",
                "charts/web.test.values.yaml", "a: 2",
                "charts/web.prod.values.yaml", "a: 3",
                "charts/wbe.values.yaml", "a: 4")));
    assertThat(requests)
        .extracting(request -> request.label() + ": " + request.values().orElse(""))
        .containsExactly(
            "charts/web with charts/web.test.values.yaml: a: 2",
            "charts/web with charts/web.values.yaml: a: 1",
            "charts/web.prod with charts/web.prod.values.yaml: a: 3");
    assertThat(findings.notices)
        .containsExactly("charts/wbe.values.yaml is for no chart beside it and was not used");
  }

  @Test
  void originsNameTheTemplate() {
    discover(
        Charts.tree(
            Map.of(
                "charts/web/Chart.yaml", Charts.chart("nginx"), "charts/web/templates/a.yaml", "")),
        request ->
            List.of(
                new ChartRenderer.Document("nginx/templates/a.yaml", Charts.pod("p", "a:1")),
                new ChartRenderer.Document(
                    "nginx/charts/db/templates/b.yaml", Charts.pod("q", "b:1"))));
    assertThat(findings.found.get("docker.io/library/a:1"))
        .singleElement()
        .satisfies(
            origin -> {
              assertThat(origin.file().value()).isEqualTo("charts/web/templates/a.yaml");
              assertThat(origin.object()).isEqualTo("Pod/p");
              assertThat(origin.path()).isEqualTo("spec.containers[0].image");
              assertThat(origin.rule()).startsWith("chart-");
            });
    assertThat(findings.found.get("docker.io/library/b:1"))
        .singleElement()
        .satisfies(
            origin -> {
              assertThat(origin.file().value()).isEqualTo("charts/web/Chart.yaml");
              assertThat(origin.path())
                  .isEqualTo("charts/db/templates/b.yaml spec.containers[0].image");
            });
  }

  @Test
  void annotationsAndKubernetesVersionAreRead() {
    discover(
        Charts.tree(
            Map.of(
                "charts/web/Chart.yaml",
                Charts.chart(
                    "web",
                    "kubeVersion: '>=1.20.0-0'",
                    "annotations:",
                    "  helm.sh/images: |",
                    "    - {name: a, image: quay.io/a/a:1}",
                    "    - {name: b, image: 'BAD IMAGE'}",
                    "  artifacthub.io/images: |",
                    "    - name: c",
                    "      image: c:2",
                    "  images: |",
                    "    - {name: d, image: 'quay.io/d/d:1'}"))));
    assertThat(findings.found).containsOnlyKeys("quay.io/a/a:1", "docker.io/library/c:2");
    assertThat(findings.unresolved).containsExactly("BAD IMAGE");
    assertThat(findings.suspected).containsExactly("quay.io/d/d:1");
    assertThat(findings.ranges).containsExactly(">=1.20.0-0 charts/web/Chart.yaml");
  }

  @Test
  void linksAreFollowedWithinTheRootfs() {
    discover(
        Charts.tree(
            Map.of(
                "charts/web/Chart.yaml", Charts.chart("web"),
                "charts/common/Chart.yaml", Charts.chart("common"),
                "charts/common/templates/x.yaml", "x"),
            FileTree.Entry.symlink(RootfsPath.of("charts/web/charts/common"), "../../common"),
            FileTree.Entry.symlink(RootfsPath.of("charts/web/loop"), "../web"),
            FileTree.Entry.symlink(RootfsPath.of("charts/web/out"), "/etc/passwd")));
    ChartRenderer.Request web = requests.get(1);
    assertThat(web.chart().entries())
        .extracting(entry -> entry.path().value())
        .containsExactlyInAnyOrder(
            "Chart.yaml", "charts/common/Chart.yaml", "charts/common/templates/x.yaml");
    assertThat(findings.notices)
        .containsExactly(
            "charts/web/out is a link that leads nowhere in the rootfs and was left out");
  }

  @Test
  void aBrokenChartYamlIsNamed() {
    assertThatThrownBy(() -> discover(Charts.tree(Map.of("charts/web/Chart.yaml", "a: b: c\n"))))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("charts/web")
        .hasMessageContaining("line 1");
  }

  @Test
  void aBrokenArchiveIsNamed() {
    assertThatThrownBy(() -> discover(Charts.tree(Map.of("charts/web.tgz", "no archive"))))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("charts/web.tgz: cannot be unpacked");
  }

  @Test
  void whatTheBuildKnowsReachesTheRendererAndBack() {
    FileTree files =
        Charts.tree(Map.of("charts/web/Chart.yaml", Charts.chart("web", "kubeVersion: '>=1.20'")));
    discover(files);
    assertThat(requests.get(0).kubernetesVersion()).contains("v1.28.3");
    assertThat(requests.get(0).apiVersions()).containsExactly("acme.io/v1");

    ImageDiscoverer asking =
        new ImageDiscoverer() {
          @Override
          public void discover(FileTree tree, Sink sink) {}

          @Override
          public void discover(FileTree tree, Surroundings surroundings, Sink sink) {
            sink.needsKubernetes(">=1.21", RootfsPath.of("charts/z/Chart.yaml"));
            sink.needsKubernetes(">=1.20", RootfsPath.of("charts/a/Chart.yaml"));
          }
        };
    DiscoveryCollector.Result result =
        DiscoveryCollector.discover(
            files, SURROUNDINGS, List.of(asking), DiscoveryPolicy.DEFAULT, notice -> {});
    assertThat(result.kubernetesRange()).contains(">=1.20, >=1.21");
  }

  @Test
  void withoutChartsNothingIsStarted() {
    ChartRenderer none = new HelmProgramRenderer(Path.of("/nonexistent/helm"));
    new ChartDiscoverer(none, Duration.ofSeconds(1))
        .discover(Charts.tree(Map.of("manifests/a.yaml", "a: b")), findings);
    assertThat(findings.found).isEmpty();
  }
}
