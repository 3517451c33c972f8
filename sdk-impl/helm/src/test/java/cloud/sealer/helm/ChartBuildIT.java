package cloud.sealer.helm;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.ReferenceProof;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What charts see of the cluster that the image will be, in builds and when it is verified. */
@Timeout(120)
class ChartBuildIT {
  @TempDir private Path work;
  private EmbeddedRegistry registry;
  private Sealer sealer;

  @BeforeEach
  void open() {
    Engine.assumeThere();
    registry = EmbeddedRegistry.start();
    sealer =
        Sealer.builder()
            .store(work.resolve("store"))
            .registries(RegistryOptions.builder().plainHttp(registry.address()).build())
            .build();
  }

  @AfterEach
  void close() {
    if (sealer != null) {
      sealer.close();
      registry.close();
    }
  }

  private ClusterImage build(String name, String kubefile, BuildContext context) {
    return sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .kubefile(Kubefile.parse(kubefile))
                .context(context)
                .name(name)
                .build())
        .image();
  }

  private static String crd(String group, String kind, String versions) {
    return "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        + "metadata: {name: x."
        + group
        + "}\nspec:\n  group: "
        + group
        + "\n  names: {kind: "
        + kind
        + "}\n  versions: ["
        + versions
        + "]\n";
  }

  private String pod(String when, String name) {
    return "{{ if "
        + when
        + " }}\n---\n"
        + Charts.pod(name, registry.address() + "/team/" + name + ":1")
        + "{{ end }}\n";
  }

  private static String has(String version) {
    return ".Capabilities.APIVersions.Has \"" + version + "\"";
  }

  @Test
  void chartsSeeTheVersionOfTheBaseAndTheApisItBrings() throws Exception {
    for (String name : List.of("manifest", "etc", "chart", "packed", "old", "builtin", "version")) {
      ContainerImages.of("team/" + name, "1").file("name", name).build().putInto(registry);
    }
    byte[] packed =
        Charts.packed(
            "p",
            Map.of(
                "Chart.yaml",
                Charts.chart("p"),
                "crds/c.yaml",
                crd("packed.io", "P", "{name: v1}")));
    build(
        "base:v1",
        "FROM scratch\nCOPY Metadata .\nCOPY crd.yaml manifests\nCOPY net.yaml etc\n"
            + "COPY p.tgz charts\n",
        BuildContext.inMemory()
            .file("Metadata", "{\"version\": \"v1.22.4\", \"arch\": \"amd64\"}")
            .file("crd.yaml", crd("acme.io", "Widget", "{name: v1}, {name: v0, served: false}"))
            .file("net.yaml", crd("net.io", "Net", "{name: v1beta1, served: true}"))
            .file("p.tgz", packed, 0644)
            .build());
    ClusterImage image =
        build(
            "app:v1",
            "FROM base:v1\nCOPY web charts/web\n",
            BuildContext.inMemory()
                .file("web/Chart.yaml", Charts.chart("web"))
                .file("web/crds/own.json", crd("own.io", "Own", "{name: v2}"))
                .file(
                    "web/templates/a.yaml",
                    pod(has("acme.io/v1/Widget"), "manifest")
                        + pod(has("net.io/v1beta1"), "etc")
                        + pod(has("own.io/v2"), "chart")
                        + pod(has("packed.io/v1"), "packed")
                        + pod(has("apps/v1"), "builtin")
                        + pod("eq .Capabilities.KubeVersion.Version \"v1.22.4\"", "version")
                        + pod(has("acme.io/v0"), "old"))
                .build());

    assertThat(image.platforms().get(0).metadata().containerImages())
        .extracting(ContainerImage::reference)
        .extracting(reference -> reference.repository())
        .containsExactlyInAnyOrder(
            "team/manifest",
            "team/etc",
            "team/chart",
            "team/packed",
            "team/builtin",
            "team/version");
    assertThat(
            sealer
                .images()
                .verify("app:v1", DiscoveryPolicy.DEFAULT, EventListener.NONE)
                .references())
        .filteredOn(proof -> proof.image().startsWith(registry.address()))
        .extracting(ReferenceProof::outcome)
        .hasSize(6)
        .containsOnly(ReferenceProof.Outcome.OK);
  }
}
