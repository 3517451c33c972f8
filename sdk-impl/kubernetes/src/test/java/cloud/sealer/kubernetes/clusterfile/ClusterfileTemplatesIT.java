package cloud.sealer.kubernetes.clusterfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.TemplateRenderer;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With the engine of Helm, found as an application finds it. */
class ClusterfileTemplatesIT {
  private static final String CLUSTER =
      "apiVersion: sealer.cloud/v2\nkind: Cluster\nspec:\n  env: [Port=8080, \"Hosts=a;b\"]\n---\n";

  @BeforeAll
  static void needsTheEngine() {
    var unavailable =
        ServiceLoader.load(TemplateRenderer.class).findFirst().orElseThrow().unavailable();
    assumeTrue(unavailable.isEmpty(), unavailable.orElse(""));
  }

  @Test
  void documentsMadeByATemplate() {
    ClusterSpec spec =
        ClusterSpec.parse(
            CLUSTER
                + """
                {{- range .Hosts }}
                ---
                kind: Config
                metadata: {name: {{ . }}}
                spec:
                  path: etc/{{ . }}
                  data: "{{ $.Port }} {{ "{{" }}"
                {{- end }}
                """,
            "Clusterfile");
    assertThat(spec.configs()).extracting("name").containsExactly("a", "b");
    assertThat(spec.configs()).extracting("data").containsOnly("8080 {{");
    assertThat(ClusterSpec.parse(spec.toYaml(), "Clusterfile")).isEqualTo(spec);
  }

  @Test
  void aMistakeOfATemplateHasItsLine() {
    assertThatThrownBy(
            () -> ClusterSpec.parse(CLUSTER + "kind: Config\nx: {{ nofunc }}\n", "Clusterfile"))
        .isInstanceOf(SealerException.class)
        .hasMessage(
            "Clusterfile:7:1: the template cannot be rendered: function \"nofunc\" not defined");
  }
}
