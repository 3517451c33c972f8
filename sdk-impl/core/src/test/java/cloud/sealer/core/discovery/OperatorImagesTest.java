package cloud.sealer.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What controllers are told in custom resources and ConfigMaps that no rule knows. */
class OperatorImagesTest {
  private static Discovery custom(String spec) {
    return Discovery.of(
        "manifests/a.yaml", "apiVersion: example.com/v1\nkind: Thing\nspec: " + spec + "\n");
  }

  private static Discovery config(String data) {
    return Discovery.of("manifests/a.yaml", "apiVersion: v1\nkind: ConfigMap\ndata:\n" + data);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{images: {query: 'q.io/t/query:2', store: 'q.io/t/store:2'}} | q.io/t/query:2, q.io/t/store:2",
        "{images: ['q.io/a:1', 'name=q.io/b:2']} | q.io/a:1, q.io/b:2",
        "{image: {gateway: 'acme/gw:0.5', envoy: 'acme/envoy:1'}} | acme/envoy:1, acme/gw:0.5",
        "{registry: q.io, image: acme/x, tag: v1} | q.io/acme/x:v1",
        "{hub: q.io/mesh, image: pilot, tag: '1.2'} | q.io/mesh/pilot:1.2",
        "{registry: q.io, image: 'ghcr.io/acme/x', tag: v1} | ghcr.io/acme/x:v1",
      })
  void customResources(String spec, String images) {
    Discovery discovery = custom(spec);

    assertThat(discovery.found()).containsExactly(images.split(", "));
    assertThat(discovery.suspected()).isEmpty();
    assertThat(discovery.unresolved()).isEmpty();
  }

  @Test
  void aKeyThatOnlyEndsLikeImageNeedsARule() {
    assertThat(
            custom("{serverImage: 'acme/server:4.0.1', conf: {c.image: 'acme/job:1'}}")
                .unresolved())
        .containsExactlyInAnyOrder("acme/server:4.0.1", "acme/job:1");
  }

  @Test
  void lessThanAPathAndAVersionIsSuspectedAndAVariableIsNotDropped() {
    assertThat(custom("{baseImage: 'temurin:11', coverImage: art/cover}").suspected())
        .containsExactly("temurin:11");
    assertThat(custom("{sideImage: '{{ .v }}'}").suspected()).containsExactly("{{ .v }}");
  }

  @Test
  void imagesOfMachinesAndPluginsAreSuspectedAndFilesAreNone() {
    assertThat(custom("{osImage: 'ubuntu/server:22.04', image: img/logo.svg}").suspected())
        .containsExactly("ubuntu/server:22.04");
    assertThat(custom("{url: 'oci://q.io/wasm/auth:1.12'}").suspected())
        .containsExactly("q.io/wasm/auth:1.12");
  }

  @Test
  void keysOfConfigMaps() {
    Discovery discovery =
        config(
            "  gatewayImage: acme/gw:0.9\n  SIDECAR_IMAGE: q.io/side:1\n  x: q.io/x/y:2\n"
                + "  scan.repository: q.io/scan/s\n  scan.tag: 0.4.1\n");

    assertThat(discovery.found())
        .containsExactly("acme/gw:0.9", "q.io/scan/s:0.4.1", "q.io/side:1");
    assertThat(discovery.suspected()).containsExactly("q.io/x/y:2");
  }

  @Test
  void settingsInTexts() {
    Discovery discovery =
        config(
            """
              config.toml: |
                [[runners]]
                  executor = "kubernetes"
                  [runners.kubernetes]
                    image = "ubuntu:22.04"
                    helper_image = "registry.acme.io/runner/helper:x86_64-v16"
                    poll = 3
              app.properties: |
                job.image=acme/job:1.5
                url=http://x.y:80/z
              run.sh: |
                #!/bin/sh
                IMAGE=$(cat /image)
                TIME="12:30"
                exec run
            """);

    assertThat(discovery.suspected())
        .containsExactly(
            "acme/job:1.5", "registry.acme.io/runner/helper:x86_64-v16", "ubuntu:22.04");
    assertThat(discovery.found()).isEmpty();
    assertThat(discovery.unresolved()).isEmpty();
  }

  @Test
  void listsInAnnotations() {
    Discovery discovery =
        Discovery.of(
            "manifests/a.yaml",
            """
            kind: StorageClass
            metadata:
              annotations:
                cas/config: |
                  - name: ReplicaCount
                    value: "3"
                  - name: ControllerImage
                    value: acme/jiva:2.12.1
            """);

    assertThat(discovery.suspected()).containsExactly("acme/jiva:2.12.1");
  }

  @Test
  void partsInParameters() {
    assertThat(
            custom(
                    "{helm: {parameters: [{name: image.tag, value: v2},"
                        + " {name: image.repository, value: acme/app}]}}")
                .suspected())
        .containsExactly("acme/app:v2");
  }

  @Test
  void aTagOfARegistryNeedsNoDigit() {
    assertThat(config("  x: ghcr.io/acme/a:blue\n  y: example.com/acme/a:blue\n").suspected())
        .containsExactly("ghcr.io/acme/a:blue");
  }

  @Test
  void whatAnInjectorReplacesIsSuspected() {
    Discovery discovery =
        Discovery.of(
            "manifests/a.yaml", "kind: Pod\nspec: {containers: [{name: proxy, image: auto}]}\n");

    assertThat(discovery.suspected()).containsExactly("auto");
    assertThat(discovery.found()).isEmpty();
  }
}
