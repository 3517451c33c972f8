package cloud.sealer.kubernetes.clusterfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ClusterfileFormat.Read;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterfileTemplatesTest {
  private static final String CLUSTER =
      """
      apiVersion: sealer.cloud/v2
      kind: Cluster
      metadata: {name: a}
      spec:
        image: "x:y"
        env: [Port=8080, "Hosts=a;b", "Raw={{ .Undefined }}"]
      ---
      """;

  private static Read read(String text) {
    return new DefaultClusterfileFormat(new LiteralBraces()).read(text, "Clusterfile");
  }

  @Test
  void otherDocumentsAreTemplatesOfTheEnvAndTheClusterIsNone() {
    ClusterSpec spec =
        read(CLUSTER
                + """
                kind: Config
                metadata: {name: c}
                spec:
                  path: etc/{{ .Port }}.conf
                  data: |
                    hosts {{ .Hosts }}
                ---
                kind: ClusterConfiguration
                x: "{{ .Port }}"
                """)
            .spec();
    assertThat(spec.env()).containsEntry("Raw", List.of("{{ .Undefined }}"));
    assertThat(spec.configs().get(0).path().value()).isEqualTo("etc/8080.conf");
    assertThat(spec.configs().get(0).data()).isEqualTo("hosts [a b]\n");
    assertThat(spec.kubeadm().get(0).yaml()).isEqualTo("kind: ClusterConfiguration\nx: \"8080\"\n");
  }

  @Test
  void missingVariablesAreMistakesWithPlaces() {
    assertThatThrownBy(() -> read(CLUSTER + "kind: Config\nspec:\n  path: {{ .Prot }}\n"))
        .isInstanceOf(SealerException.class)
        .hasMessage(
            "Clusterfile:10:12: the template uses the variable Prot, which is not set; did you mean"
                + " Port?");
  }

  @Test
  void mistakesOfOtherDocumentsAreToldBesideThoseOfATemplate() {
    assertThatThrownBy(
            () -> read(CLUSTER + "kind: Config\nx: {{ .Nope }}\n---\nkind: Plugin\nspec: []\n"))
        .hasMessageContaining("the variable Nope")
        .hasMessageContaining("the plugin has no metadata.name")
        .hasMessageContaining("spec must be a mapping, not a list");
  }

  @Test
  void placesAreThoseOfTheTemplate() {
    Read read =
        read(
            CLUSTER
                + "kind: Config\n"
                + "spec:\n"
                + "  path: etc/{{ .Port }}\n"
                + "  data: x\n"
                + "  foo: 1\n"
                + "---\n"
                + "kind: X\n");
    assertThat(read.warnings())
        .extracting(Diagnostic::position)
        .extracting(Object::toString)
        .containsExactly("Clusterfile:12:3", "Clusterfile:14:1");
  }

  @Test
  void documentsOnTheLinesOfTheirMarkersKeepThem() {
    assertThatThrownBy(() -> read(CLUSTER + "a: b\n--- {a: b}\n--- {c: {{ .Nope }}}\n"))
        .isInstanceOf(SealerException.class)
        .hasMessageStartingWith("Clusterfile:10:12: the template uses the variable Nope");
  }

  @Test
  void linesFollowWhatATemplateAddsAndDrops() {
    RenderedText text =
        RenderedText.of(
            "a\n{{ range .X }}\n- {{ . }}\n{{ end }}\nb\n{{ if .Y }}\nc\n{{ end }}\nd\n",
            "a\n\n- 1\n\n- 2\n\nb\n\nd\n");
    assertThat(text.source(new Place(1, 3))).isEqualTo(new Place(1, 3));
    assertThat(text.source(new Place(3, 1)).line()).isBetween(2, 4);
    assertThat(text.source(new Place(7, 1))).isEqualTo(new Place(5, 1));
    assertThat(text.source(new Place(9, 1))).isEqualTo(new Place(9, 1));
  }

  @Test
  void unknownThingsAreWarnings() {
    Read read =
        read(
            """
            apiVersion: sealer.io/v2
            kind: Cluster
            spec:
              image: x:y
              imagee: z
              weather: /x
            ---
            kind: Confg
            ---
            kind: Application
            ---
            # nothing
            """);
    assertThat(read.warnings())
        .extracting(Diagnostic::toString)
        .containsExactly(
            "Clusterfile:5:3: warning: unknown field \"spec.imagee\", which is ignored; did you"
                + " mean image?",
            "Clusterfile:6:3: warning: unknown field \"spec.weather\", which is ignored",
            "Clusterfile:8:1: warning: the kind \"Confg\" is not known, so the document is ignored;"
                + " did you mean Config?",
            "Clusterfile:10:1: warning: the kind \"Application\" is not known, so the document is"
                + " ignored");
  }

  @Test
  void severalClustersAndNoneAreMistakes() {
    String cluster = "apiVersion: sealer.cloud/v2\nkind: Cluster\n";
    assertThatThrownBy(() -> read(cluster + "---\n" + cluster))
        .hasMessageStartingWith("Clusterfile:5:1: the file has several documents of kind Cluster");
    assertThatThrownBy(() -> read("kind: Config\nspec: {path: a, data: b}\n"))
        .hasMessageStartingWith("Clusterfile:1:1: the file has no document of kind Cluster");
    assertThatThrownBy(() -> read("apiVersion: sealer.cloud/v3\nkind: Cluster\n"))
        .hasMessage(
            "Clusterfile:1:1: the apiVersion \"sealer.cloud/v3\" of the Cluster is not known; did"
                + " you mean sealer.cloud/v2?");
  }
}
