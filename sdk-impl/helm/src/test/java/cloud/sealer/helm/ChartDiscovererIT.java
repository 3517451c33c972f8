package cloud.sealer.helm;

import cloud.sealer.sdk.spi.ImageDiscoverer;
import cloud.sealer.testkit.tck.ImageDiscovererTck;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;

class ChartDiscovererIT extends ImageDiscovererTck {
  @BeforeAll
  static void needsTheEngine() {
    Engine.assumeThere();
  }

  @Override
  protected ImageDiscoverer discoverer() {
    return new ChartDiscoverer();
  }

  /** An optional part that only one set of values switches on, as well as a default. */
  @Override
  protected Map<String, String> files() {
    return Map.of(
        "charts/web/Chart.yaml",
        Charts.chart("web"),
        "charts/web/values.yaml",
        "image: {repository: team/web, tag: v1}\ndb: false\n",
        "charts/web/templates/web.yaml",
        Charts.pod("web", "{{ .Values.image.repository }}:{{ .Values.image.tag }}"),
        "charts/web/templates/db.yaml",
        "{{ if .Values.db }}\n" + Charts.pod("db", "postgres:16") + "{{ end }}\n",
        "charts/web.small.values.yaml",
        "image: {tag: v2}\n",
        "charts/web.large.values.yaml",
        "db: true\n");
  }

  @Override
  protected Set<String> images() {
    return Set.of("team/web:v1", "team/web:v2", "postgres:16");
  }
}
