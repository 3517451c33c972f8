package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.SealerEnvironment;
import cloud.sealer.testkit.SealerImages;
import cloud.sealer.testkit.SealerTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cluster images that sealer itself made. */
@SealerTest
@Timeout(60)
class SealerImagesIT {
  private static final String CLUSTERFILE =
      "apiVersion: sealer.cloud/v2\nkind: Cluster\nmetadata:\n  name: my-cluster\n";
  private static final String BLOB =
      "registry/docker/registry/v2/blobs/sha256/55/"
          + "5570a3cf02207f1d352d2cfea385be4bc0b2b9414f606baa6f55db60b232f221/data";

  private static final String TAG =
      "registry/docker/registry/v2/repositories/calico/node/_manifests/tags/v3.8/current/link";

  private static final String SIGNATURE =
      "registry/docker/registry/v2/repositories/calico/node/_manifests/tags/sha256-"
          + "5".repeat(64)
          + ".sig/current/link";

  @TempDir private Path work;
  private EmbeddedRegistry registry;
  private Sealer sealer;

  @BeforeEach
  void open(SealerEnvironment environment) {
    registry = environment.registry();
    sealer = environment.sealer();
  }

  /** A base image and an application on it: commands between layers, and the layer of images. */
  private static SealerImages.Builder with(SealerImages.Builder image) {
    return image
        .layer(
            "COPY",
            ". .",
            Map.of(
                "Metadata", "{\"version\": \"v1.19.8\", \"arch\": \"amd64\"}",
                "bin/kubeadm", "a program",
                "etc/kubeadm.yml", "kind: ClusterConfiguration\n",
                "scripts/init.sh", "#!/bin/sh\n"))
        .command("kubectl apply -f etc/calico.yaml")
        .layer("COPY", "calico.yaml etc", Map.of("etc/calico.yaml", "kind: DaemonSet\n"))
        .command(" kubectl get nodes ")
        .layer(
            "BASE",
            "rootfs cache",
            Map.of(BLOB, "a blob", TAG, "sha256:55", SIGNATURE, "sha256:66"))
        .arg("Version", "4.0.0")
        .clusterfile(CLUSTERFILE);
  }

  private String name() {
    return registry.address() + "/sealer-io/kubernetes:v1.19.8";
  }

  private ClusterImage build() {
    return sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .kubefile(
                    Kubefile.parse(
                        "FROM "
                            + name()
                            + "\nCOPY app.yaml etc\nRUN test -f etc/calico.yaml\nCMD my own\n"))
                .context(BuildContext.inMemory().file("app.yaml", "kind: Pod\n").build())
                .name("app:v1")
                .build())
        .image();
  }

  private static void isKubernetes(PlatformImage image) {
    assertThat(image.platform()).isEqualTo(Platform.LINUX_AMD64);
    assertThat(image.layers()).hasSize(3);
    assertThat(image.metadata().commands())
        .containsExactly("kubectl apply -f etc/calico.yaml", "kubectl get nodes");
    assertThat(image.metadata().clusterfile()).contains(CLUSTERFILE);
  }

  /** But for the images of Kubernetes itself, which no test needs. */
  private void isWhole(String name) {
    assertThat(sealer.images().verify(name, EventListener.NONE).problems())
        .allMatch(problem -> problem.contains("named in Metadata"));
  }

  private void isBaseOf(PlatformImage app) {
    assertThat(app.layers()).hasSize(4);
    assertThat(app.metadata().commands())
        .containsExactly("kubectl apply -f etc/calico.yaml", "kubectl get nodes", "my own");
    assertThat(app.metadata().clusterfile()).contains(CLUSTERFILE);
    assertThat(app.metadata().kubernetesVersion()).contains("v1.19.8");
    isWhole("app:v1");
  }

  @Test
  void imagesOf07AreReadAndBuiltOn() {
    with(SealerImages.v07("sealer-io/kubernetes", "v1.19.8")).build().putInto(registry);
    PlatformImage image = sealer.images().pull(name(), EventListener.NONE).platforms().get(0);
    isKubernetes(image);
    assertThat(image.metadata().args()).containsEntry("Version", "4.0.0");
    isBaseOf(build().platforms().get(0));
  }

  @Test
  void imagesOf06AreReadAndBuiltOn() {
    with(SealerImages.v06("sealer-io/kubernetes", "v1.19.8")).build().putInto(registry);
    isKubernetes(sealer.images().pull(name(), EventListener.NONE).platforms().get(0));
    isBaseOf(build().platforms().get(0));
    showsWhatItServes(name());
  }

  @Test
  void archivesOf07AreLoadedAndPushedAsItsImages() {
    Path archive = work.resolve("kubernetes.tar");
    with(SealerImages.v07("sealer-io/kubernetes", "v1.19.8")).save(archive);
    List<ClusterImage> loaded = sealer.images().load(archive, EventListener.NONE);
    assertThat(loaded).hasSize(1);
    isKubernetes(loaded.get(0).platforms().get(0));
    assertThat(sealer.images().inspect("kubernetes:v1.19.8").digest())
        .isEqualTo(loaded.get(0).digest());
    isWhole("kubernetes:v1.19.8");

    sealer.images().tag("kubernetes:v1.19.8", name());
    sealer.images().push(name(), EventListener.NONE);
    isBaseOf(build().platforms().get(0));
    showsWhatItServes("kubernetes:v1.19.8");
  }

  @Test
  void anArchiveThatLacksALayerChangesNothing() throws Exception {
    Path archive = work.resolve("kubernetes.tar");
    with(SealerImages.v07("sealer-io/kubernetes", "v1.19.8")).save(archive);
    byte[] bytes = Files.readAllBytes(archive);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Files.write(
        archive,
        text.replaceFirst("id: sha256:[0-9a-f]{8}", "id: sha256:00000000")
            .getBytes(StandardCharsets.ISO_8859_1));
    SealerException e =
        catchThrowableOfType(
            SealerException.class, () -> sealer.images().load(archive, EventListener.NONE));
    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARCHIVE);
    assertThat(e).hasMessageContaining("is missing");
    assertThat(sealer.images().list()).isEmpty();
  }

  private ClusterImage.Metadata v09(String extension) {
    return v09(extension, "[]");
  }

  private ClusterImage.Metadata v09(String extension, String images) {
    SealerImages.v09("sealer-io/kubernetes", "v1.19.8")
        .layer(
            "COPY",
            ". .",
            Map.of(
                "Metadata", "{\"version\": \"v1.22.15\", \"arch\": \"amd64\"}",
                "etc/Clusterfile", CLUSTERFILE,
                "application/apps/nginx/nginx.yaml", "kind: Pod\n"))
        .annotation("sealer.image.extension", extension)
        .annotation("sealer.image.container.images", images)
        .build()
        .putInto(registry);
    return sealer.images().pull(name(), EventListener.NONE).platforms().get(0).metadata();
  }

  @Test
  void imagesOf09StartTheirCommandsOrTheirApplications() {
    assertThat(
            v09("{\"schemaVersion\":\"v1alpha1\",\"type\":\"kube-installer\","
                    + "\"launch\":{\"cmds\":[\"kubectl get pods\"]}}")
                .commands())
        .containsExactly("kubectl get pods");
    ClusterImage.Metadata launched =
        v09(
            """
            {"schemaVersion":"v1alpha1","type":"app-installer","env":{"Port":"80"},
             "labels":{"app.alpha.sealer.io/supported-kube-version":">=1.19.0"},
             "applications":[
              {"name":"nginx","type":"kube","files":["nginx.yaml","a b.yaml"],"env":{"Name":"it's"}},
              {"name":"db","type":"helm","files":["charts/mysql"]},
              {"name":"tool","type":"shell","files":["run.sh"],"cmds":["./run.sh -v","echo done"]},
              {"name":"unused","type":"shell","files":["never.sh"]}],
             "launch":{"app_names":["db","nginx","tool"]}}
            """);
    assertThat(launched.commands())
        .containsExactly(
            "helm install db application/apps/db/mysql",
            "export Name='it'\\''s'; kubectl apply -f application/apps/nginx/nginx.yaml"
                + " && kubectl apply -f 'application/apps/nginx/a b.yaml'",
            "(cd application/apps/tool && ./run.sh -v && echo done)");
    assertThat(launched.args()).containsEntry("Port", "80");
    assertThat(launched.kubernetesRange()).contains(">=1.19.0");
  }

  @Test
  void imagesOf09SayWhatTheyCarry() {
    String images =
        "[{\"image\":\"docker.io/library/nginx:1.21\",\"appName\":\"nginx\"},"
            + "{\"image\":\"docker.io/library/db:1\",\"platform\":{\"os\":\"linux\"}}]";
    assertThat(v09("{}", images).namedImages())
        .containsExactly("docker.io/library/db:1", "docker.io/library/nginx:1.21");
    SealerException e = catchThrowableOfType(SealerException.class, () -> v09("{}", "["));
    assertThat(e).hasMessageContaining("sealer.image.container.images");
  }

  @Test
  void whatAnImageServesIsLookedForOnce(SealerEnvironment environment) throws IOException {
    with(SealerImages.v06("sealer-io/kubernetes", "v1.19.8")).build().putInto(registry);
    PlatformImage image = sealer.images().pull(name(), EventListener.NONE).platforms().get(0);
    ClusterImage first = sealer.images().inspect(name());
    Set<String> layers =
        image.layers().stream().map(layer -> layer.digest().hex()).collect(Collectors.toSet());
    try (Stream<Path> files = Files.walk(environment.store())) {
      for (Path file : files.toList()) {
        if (layers.contains(file.getFileName().toString())) {
          Files.delete(file);
          layers.remove(file.getFileName().toString());
        }
      }
    }
    assertThat(layers).isEmpty();
    assertThat(sealer.images().inspect(name())).isEqualTo(first);
    assertThat(first.platforms().get(0).metadata().namedImages())
        .containsExactly("calico/node:v3.8");
  }

  private void showsWhatItServes(String name) {
    assertThat(sealer.images().inspect(name).platforms().get(0).metadata().namedImages())
        .containsExactly("calico/node:v3.8");
    assertThat(sealer.images().inspect("app:v1").platforms().get(0).metadata().namedImages())
        .isEmpty();
  }

  @Test
  void imagesOf09AreBuiltOn() {
    v09("{\"launch\":{\"cmds\":[\"kubectl get pods\"]}}");
    ClusterImage.Metadata app =
        sealer
            .builder(BuildMode.LITE)
            .build(
                BuildRequest.builder()
                    .kubefile(Kubefile.parse("FROM " + name() + "\nCMD my own\n"))
                    .name("app:v1")
                    .build())
            .image()
            .platforms()
            .get(0)
            .metadata();
    assertThat(app.commands()).containsExactly("kubectl get pods", "my own");
    assertThat(app.kubernetesVersion()).contains("v1.22.15");
    assertThat(app.clusterfile()).contains(CLUSTERFILE);
  }

  @Test
  void anExtensionThatIsNoJsonIsAnError() {
    SealerException e = catchThrowableOfType(SealerException.class, () -> v09("{"));
    assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
    assertThat(e).hasMessageContaining("sealer.image.extension");
  }
}
