package cloud.sealer.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree.Entry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as an image in a Kubernetes object. */
class ManifestDiscovererTest {
  private static final String FILE = "manifests/app.yaml";

  private static Discovery read(String yaml) {
    return Discovery.of(FILE, yaml);
  }

  @Test
  void findsAllContainersOfAPodTemplateWithFullOrigin() {
    Discovery discovery =
        read(
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: web}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: shop
              namespace: web
            spec:
              template:
                spec:
                  initContainers:
                  - name: init
                    image: busybox
                  containers:
                  - name: a
                    image: "nginx:1.21"
                  - name: b
                    image: 'quay.io/x/y:z'
                  ephemeralContainers:
                  - {name: d, image: debug:1}
            """);

    String base = "Deployment/web/shop spec.template.spec.";
    assertThat(discovery.places())
        .isEqualTo(
            Map.of(
                "busybox:latest", List.of(base + "initContainers[0].image"),
                "nginx:1.21", List.of(base + "containers[0].image"),
                "quay.io/x/y:z", List.of(base + "containers[1].image"),
                "debug:1", List.of(base + "ephemeralContainers[0].image")));
    ImageOrigin origin = discovery.report().found().get(2).origins().get(0);
    assertThat(origin)
        .isEqualTo(
            new ImageOrigin(
                RootfsPath.of(FILE),
                2,
                "Deployment/web/shop",
                "spec.template.spec.containers[0].image",
                18,
                "pod-spec"));
  }

  @Test
  void findsTheImageKeyInOtherObjectsAtAnyDepth() {
    Discovery discovery =
        read(
            """
            kind: Prometheus
            metadata: {name: p}
            spec:
              image: quay.io/prometheus/prometheus:v2.26.0
              thanos: {image: "quay.io/thanos/thanos:v0.19.0"}
              deep: [[{image: deep:1}]]
            """);

    assertThat(discovery.places())
        .isEqualTo(
            Map.of(
                "quay.io/prometheus/prometheus:v2.26.0", List.of("Prometheus/p spec.image"),
                "quay.io/thanos/thanos:v0.19.0", List.of("Prometheus/p spec.thanos.image"),
                "deep:1", List.of("Prometheus/p spec.deep[0][0].image")));
    assertThat(discovery.report().found())
        .allSatisfy(f -> assertThat(f.origins().get(0).rule()).isEqualTo("image-key"));
  }

  @Test
  void aSchemaNamesNoImage() {
    String schema =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: things.example.com}
        spec:
          versions:
          - schema:
              openAPIV3Schema:
                properties:
                  image: {type: string, default: "default:1"}
                example: {image: "example:1"}
        """;

    Discovery discovery = read(schema + "---\nkind: Thing\nspec: {image: real:1}\n");
    Discovery inList = read("kind: List\nitems:\n- " + schema.strip().replace("\n", "\n  "));
    Discovery composite =
        read("kind: CompositeResourceDefinition\nspec: {openAPIV3Schema: {x: {image: no:1}}}");

    assertThat(discovery.found()).containsExactly("real:1");
    assertThat(discovery.suspected()).isEmpty();
    assertThat(discovery.unresolved()).isEmpty();
    assertThat(inList.report()).isEqualTo(cloud.sealer.sdk.DiscoveryReport.EMPTY);
    assertThat(composite.report()).isEqualTo(cloud.sealer.sdk.DiscoveryReport.EMPTY);
  }

  @Test
  void anImageMappingIsWalkedIntoButIsNoImage() {
    Discovery discovery =
        read("spec:\n  image: {type: string, inner: {image: a:1}}\n  x: {image: [{image: b:1}]}\n");

    assertThat(discovery.places().keySet()).containsExactly("a:1", "b:1");
    assertThat(discovery.places().get("a:1")).containsExactly(" spec.image.inner.image");
  }

  @Test
  void labelsAnnotationsSelectorsSecretsAndStatusNameNoImage() {
    Discovery discovery =
        read(
            """
            kind: Deployment
            metadata:
              labels: {image: label}
              annotations: {image: "annotation:1"}
            spec:
              selector: {matchLabels: {image: label}}
              template:
                metadata: {labels: {image: label}}
                spec:
                  nodeSelector: {image: gpu}
                  containers: [{image: real:1}]
            status:
              image: "old:1"
            ---
            kind: Secret
            data: {image: bmdpbng}
            ---
            kind: Service
            spec: {selector: {image: label}}
            """);

    assertThat(discovery.found()).containsExactly("real:1");
    assertThat(discovery.suspected()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "'{{ .Values.image }}'",
        "{{ .Values.image }}",
        "$(params.image)",
        "${IMAGE}",
        "a:${TAG}",
        "$IMAGE",
        "'{{ .r }}:{{ .t }}'"
      })
  void templateVariablesAreUnresolvedEverywhere(String value) {
    Discovery pod = read("spec:\n  containers:\n  - image: " + value + "\n");
    Discovery other = read("spec:\n  image: " + value + "\n");

    String text = value.replace("'", "");
    assertThat(pod.unresolved()).containsExactly(text);
    assertThat(other.unresolved()).containsExactly(text);
    assertThat(other.report().unresolved().get(0).reason()).contains("template variable");
    assertThat(pod.found()).isEmpty();
    assertThat(other.found()).isEmpty();
  }

  @ParameterizedTest(name = "image: {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | the image is empty",
        "~ | empty",
        "null | empty",
        "'  ' | empty",
        "1.20 | number",
        "true | truth value",
        "Upper/Case | bad repository part",
        "'a b' | bad repository part",
        "https://x/y.png | bad registry"
      })
  void whatIsNoImageIsUnresolvedInAContainer(String value, String reason) {
    String quoted = value.isBlank() ? "'" + value + "'" : value;
    Discovery discovery = read("spec:\n  containers:\n  - image: " + quoted + "\n");

    assertThat(discovery.report().unresolved())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.reason()).contains(reason);
              assertThat(finding.origins().get(0).rule()).isEqualTo("pod-spec");
            });
    assertThat(discovery.found()).isEmpty();
  }

  @ParameterizedTest(name = "image: {0}")
  @ValueSource(strings = {"", "~", "null", "1.20", "true", "'A nice picture'", "https://x/y.png"})
  void whatIsClearlyNoImageIsIgnoredElsewhere(String value) {
    assertThat(read("spec:\n  image: " + value + "\n").report())
        .isEqualTo(cloud.sealer.sdk.DiscoveryReport.EMPTY);
  }

  @Test
  void whatMayBeAnImageElsewhereIsSuspected() {
    Discovery discovery =
        read(
            "spec:\n  image: Upper/Case:1\n  imageName: ghcr.io/cnpg/postgresql:15\n"
                + "  imagePullPolicy: Always\n  initImage: helper\n  baseImage: x/base@sha256:"
                + "ab".repeat(32)
                + "\n");

    assertThat(discovery.suspected())
        .containsExactly(
            "Upper/Case:1", "ghcr.io/cnpg/postgresql:15", "x/base@sha256:" + "ab".repeat(32));
    assertThat(discovery.found()).isEmpty();
  }

  @Test
  void textsOfConfigMapsAreSuspected() {
    Discovery discovery =
        read(
            """
            kind: ConfigMap
            metadata: {name: injector}
            data:
              template: |
                containers:
                - name: proxy
                  image: istio/proxy:1
                - image: "{{ .Values.other }}"
                # image: comment:1
              image: direct:1
            """);

    assertThat(discovery.found()).containsExactly("direct:1");
    assertThat(discovery.suspected()).containsExactly("istio/proxy:1", "{{ .Values.other }}");
    ImageOrigin origin = discovery.report().suspected().get(0).origins().get(0);
    assertThat(origin.path()).isEqualTo("data.template");
    assertThat(origin.rule()).isEqualTo("embedded-text");
  }

  @Test
  void findsImageVolumes() {
    Discovery discovery =
        read(
            "kind: Pod\nspec:\n  volumes:\n  - name: v\n    image: {reference: quay.io/a/data:1}\n");

    assertThat(discovery.places())
        .isEqualTo(Map.of("quay.io/a/data:1", List.of("Pod spec.volumes[0].image.reference")));
  }

  @Test
  void itemsOfListsAreObjects() {
    Discovery discovery =
        read(
            """
            apiVersion: v1
            kind: List
            metadata: {name: ignored}
            items:
            - kind: Pod
              metadata: {name: p, namespace: n}
              spec: {containers: [{image: a:1}]}
            - kind: PodList
              items:
              - kind: Pod
                metadata: {generateName: g-}
                spec: {containers: [{image: b:1}]}
            """);

    assertThat(discovery.places())
        .isEqualTo(
            Map.of(
                "a:1", List.of("Pod/n/p items[0].spec.containers[0].image"),
                "b:1", List.of("Pod/g- items[1].items[0].spec.containers[0].image")));
  }

  @Test
  void keysWithDotsAreQuotedInPaths() {
    assertThat(read("a.b/c:\n  image: x:1\n").onlyOrigin().path()).isEqualTo("[\"a.b/c\"].image");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "manifests/a.yaml, true", "manifests/a.YML, true", "manifests/x/y/z.Yaml, true",
    "manifests/a.json, true", "manifests/a.yaml.tmpl, true", "manifests/a.TMPL, true",
    "manifests/a.txt, false", "manifests/a, false", "manifests.yaml, false",
    "other/manifests/a.yaml, false", "manifestsX/a.yaml, false", "charts/a.yaml, false"
  })
  void looksOnlyAtManifests(String path, boolean looked) {
    assertThat(Discovery.of(path, "image: nginx:1\n").found()).hasSize(looked ? 1 : 0);
  }

  @Test
  void followsLinksInsideTheTreeOnly() {
    FilesInMemory files =
        FilesInMemory.of("etc/app.yaml", "image: linked:1")
            .and(Entry.symlink(RootfsPath.of("manifests/a.yaml"), "../etc/app.yaml"))
            .and(Entry.symlink(RootfsPath.of("manifests/b.yaml"), "/etc/app.yaml"))
            .and(Entry.hardLink(RootfsPath.of("manifests/c.yaml"), RootfsPath.of("etc/app.yaml")))
            .and(Entry.symlink(RootfsPath.of("manifests/d.yaml"), "../../../etc/passwd"))
            .and(Entry.symlink(RootfsPath.of("manifests/e.yaml"), "e.yaml"))
            .and(Entry.whiteout(RootfsPath.of("manifests/f.yaml")))
            .and(Entry.directory(RootfsPath.of("manifests/g.yaml"), 0755));

    assertThat(Discovery.of(files).report().found().get(0).origins())
        .extracting(o -> o.file().name())
        .containsExactly("a.yaml", "b.yaml", "c.yaml");
  }
}
