package cloud.sealer.helm;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.discovery.DiscoveryCollector;
import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the charts within a chart say of themselves. */
class SubChartsIT {
  @TempDir Path scratch;

  @BeforeAll
  static void needsTheEngine() {
    Engine.assumeThere();
  }

  private static String part(String name, String range) {
    return Charts.chart(
        name,
        "kubeVersion: '" + range + "'",
        "annotations:",
        "  helm.sh/images: |",
        "    - {name: a, image: 'team/" + name + ":1'}");
  }

  /** One part by condition, one packed under two other names, one of it in yet another. */
  private static Map<String, Object> chart() throws IOException {
    Map<String, Object> files = new HashMap<>();
    files.put(
        "charts/web/Chart.yaml",
        Charts.chart(
            "web",
            "kubeVersion: '>=1.21.0-0'",
            "dependencies:",
            "- {name: db, version: 1.0.0, condition: db.enabled}",
            "- {name: mq, version: 1.0.0, alias: queue}",
            "- {name: off, version: 1.0.0, tags: [never]}"));
    files.put("charts/web/values.yaml", "db: {enabled: false}\ntags: {never: false}\n");
    files.put("charts/web/templates/a.yaml", Charts.pod("a", "team/web:1"));
    files.put("charts/web/charts/db/Chart.yaml", part("db", "<1.33.0-0"));
    files.put(
        "charts/web/charts/mq-1.0.0.tgz",
        Charts.packed(
            "mq",
            Map.of(
                "Chart.yaml", part("mq", ">=1.22.0-0"),
                "charts/in/Chart.yaml", part("in", ">=1.20.0-0 || 0.9"))));
    files.put("charts/web/charts/off/Chart.yaml", part("off", "<1.0.0"));
    return files;
  }

  private DiscoveryCollector.Result discover(FileTree files) {
    return DiscoveryCollector.discover(
        files,
        new ImageDiscoverer.Surroundings(scratch, Optional.of("v1.28.3"), List.of()),
        List.of(new ChartDiscoverer()),
        DiscoveryPolicy.DEFAULT,
        notice -> {});
  }

  private static List<String> found(DiscoveryReport report) {
    return report.found().stream().map(found -> found.image().repository()).toList();
  }

  @Test
  void thoseThatAreEnabledCountAndTheOthersAreInDoubt() throws Exception {
    DiscoveryCollector.Result result = discover(Charts.tree(chart()));

    assertThat(found(result.report())).containsExactly("team/in", "team/mq", "team/web");
    assertThat(result.report().suspected())
        .extracting(DiscoveryReport.Finding::text)
        .containsExactly("team/db:1", "team/off:1");
    assertThat(result.report().suspected().get(0).origins().get(0))
        .hasToString("charts/web/charts/db/Chart.yaml (annotations[\"helm.sh/images\"])");
    assertThat(result.report().found().get(0).origins().get(0).path())
        .isEqualTo("charts/mq-1.0.0.tgz/charts/in/Chart.yaml annotations[\"helm.sh/images\"][0]");
    assertThat(result.kubernetesRange())
        .hasValueSatisfying(
            range ->
                assertThat(range.split(" \\|\\| "))
                    .hasSize(2)
                    .allSatisfy(one -> assertThat(one).contains(">=1.21.0-0", ">=1.22.0-0"))
                    .anySatisfy(one -> assertThat(one).contains("0.9"))
                    .anySatisfy(one -> assertThat(one).contains(">=1.20.0-0"))
                    .noneSatisfy(one -> assertThat(one).contains("<")));
  }

  @Test
  void oneSetOfValuesThatEnablesItIsEnough() throws Exception {
    Map<String, Object> files = chart();
    files.put("charts/web.small.values.yaml", "{}");
    files.put("charts/web.large.values.yaml", "db: {enabled: true}");
    DiscoveryCollector.Result result = discover(Charts.tree(files));

    assertThat(found(result.report())).containsExactly("team/db", "team/in", "team/mq", "team/web");
    assertThat(result.kubernetesRange().orElse("")).contains("<1.33.0-0");
  }
}
