package cloud.sealer.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import cloud.sealer.sdk.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The images of manifests that real projects publish, which lie beside the checkout. */
class SamplesTest {
  private static final String NGINX = "k8s.gcr.io/ingress-nginx/";

  static Stream<Arguments> samples() {
    return Stream.of(
        Arguments.of(
            "dashboard/dashboard.yaml",
            List.of("kubernetesui/dashboard:v2.2.0", "kubernetesui/metrics-scraper:v1.0.6")),
        Arguments.of("flannel/kube-flannel.yml", List.of("quay.io/coreos/flannel:v0.14.0")),
        Arguments.of(
            "ingress-nginx/ingress-nginx-manifest.yaml",
            List.of(
                NGINX
                    + "controller:v1.0.0@sha256:"
                    + "0851b34f69f69352bf168e6ccf30e1e20714a264ab1ecd1933e4d8c0fc3215c6",
                NGINX
                    + "kube-webhook-certgen:v1.0@sha256:"
                    + "f3b6b39a6062328c095337b4cadcefd1612348fdd5190b1dcbcb9b9e90bd8068")),
        Arguments.of(
            "loki-stack/promtail-loki-stack.yaml",
            List.of(
                "grafana/grafana:8.1.6",
                "grafana/loki:2.3.0",
                "grafana/promtail:2.1.0",
                "jimmidyson/configmap-reload:v0.4.0",
                "prom/alertmanager:v0.21.0",
                "prom/node-exporter:v1.0.1",
                "prom/prometheus:v2.21.0",
                "prom/pushgateway:v1.2.0",
                "quay.io/coreos/kube-state-metrics:v1.9.7",
                "quay.io/kiwigrid/k8s-sidecar:1.12.3")),
        Arguments.of(
            "longhorn/longhorn.yaml",
            List.of(
                "longhornio/backing-image-manager:v2_20210820",
                "longhornio/csi-attacher:v3.2.1",
                "longhornio/csi-node-driver-registrar:v2.3.0",
                "longhornio/csi-provisioner:v2.1.2",
                "longhornio/csi-resizer:v1.2.0",
                "longhornio/csi-snapshotter:v3.0.3",
                "longhornio/longhorn-engine:v1.2.3",
                "longhornio/longhorn-instance-manager:v1_20211210",
                "longhornio/longhorn-manager:v1.2.3",
                "longhornio/longhorn-share-manager:v1_20211020",
                "longhornio/longhorn-ui:v1.2.3")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void findsExactlyTheImages(String file, List<String> images) throws IOException {
    Discovery discovery = Discovery.of("manifests/" + file, Files.readString(sample(file)));

    assertThat(discovery.found()).containsExactlyInAnyOrderElementsOf(images);
    assertThat(discovery.suspected()).isEmpty();
    assertThat(discovery.unresolved()).isEmpty();
    assertThat(discovery.notices()).isEmpty();
    assertThat(discovery.report().found())
        .allSatisfy(
            found ->
                assertThat(found.origins())
                    .allSatisfy(
                        origin ->
                            assertThat(origin.rule()).isIn("pod-spec", "argument", "environment")));
  }

  /**
   * Every line the tree reader reports really holds the image, so lines and documents are right.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void originsPointAtTheLine(String file, List<String> images) throws IOException {
    List<String> lines = Files.readAllLines(sample(file));
    Discovery discovery = Discovery.of("manifests/" + file, String.join("\n", lines));

    assertThat(discovery.report().found()).hasSameSizeAs(images);
    discovery.report().found().stream()
        .forEach(
            found ->
                assertThat(found.origins())
                    .allSatisfy(
                        origin ->
                            assertThat(lines.get(origin.line() - 1))
                                .contains(found.image().familiar(Reference.Defaults.DOCKER))));
  }

  private static Path sample(String file) {
    for (String root : new String[] {"../../..", ".."}) {
      Path path = Path.of(root, "shared", "samples").resolve(file);
      if (Files.isRegularFile(path)) {
        return path;
      }
    }
    return abort("no shared/samples/" + file + " beside the checkout");
  }
}
