package cloud.sealer.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.core.registry.HttpRegistryClient;
import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.core.store.OciLayerStore;
import cloud.sealer.kubernetes.image.RootfsImage;
import cloud.sealer.kubernetes.step.ScriptedHost;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.RunnerProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterWorkflowTest {
  private static final ClusterSpec SPEC =
      ClusterSpec.builder("test")
          .image("kubernetes:v1.20.2")
          .controlPlanes("10.0.0.1,10.0.0.2")
          .workers("10.0.0.9")
          .build();

  private final ScriptedHost first = ScriptedHost.of("10.0.0.1", "master");
  private final ScriptedHost second = ScriptedHost.of("10.0.0.2", "master");
  private final ScriptedHost worker = ScriptedHost.of("10.0.0.9", "node");
  private Sealer sealer;
  private RunnerProvider.Settings settings;
  private RootfsImage kubernetes;
  private RootfsImage application;

  @BeforeAll
  void build(@TempDir Path directory) {
    Path images = directory.resolve("store");
    sealer = Sealer.builder().store(images).build();
    OciLayerStore store = new OciLayerStore(images);
    settings =
        new RunnerProvider.Settings(
            sealer.images(),
            store,
            directory.resolve("clusters"),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            RegistryOptions.DEFAULT,
            new HttpRegistryClient(RegistryOptions.DEFAULT, 1, Clock.systemUTC(), Sleeper.THREAD),
            Clock.systemUTC());
    kubernetes =
        build(
            store,
            "kubernetes:v1.20.2",
            "CMD kubectl apply -f cni.yaml\n",
            BuildContext.inMemory()
                .file("Metadata", "{\"version\":\"v1.20.2\",\"arch\":\"amd64\"}")
                .file("scripts/init.sh", "#!/bin/sh\n")
                .file("statics/audit-policy.yml", "kind: Policy\n")
                .file(
                    "plugins/p.yaml",
                    "kind: Plugin\nmetadata: {name: p}\n"
                        + "spec: {type: SHELL, action: PreInit, on: node, data: 'true'}\n")
                .build());
    application =
        build(
            store,
            "app:v1",
            "CMD kubectl apply -f app.yaml\n",
            BuildContext.inMemory()
                .file("Metadata", "{\"kubeVersion\":\">=1.21.0\"}")
                .file("app.yaml", "a: 1\n")
                .build());
  }

  private RootfsImage build(
      OciLayerStore store, String name, String command, BuildContext context) {
    sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .name(name)
                .kubefile(Kubefile.parse("FROM scratch\nCOPY . .\n" + command))
                .context(context)
                .build());
    return RootfsImage.open(store, sealer.images().inspect(name), Set.of());
  }

  @AfterAll
  void close() {
    kubernetes.close();
    application.close();
    sealer.close();
  }

  private Situation situation(RootfsImage image, ScriptedHost... hosts) {
    return new Situation(
        new ClusterChange.Apply(SPEC),
        SPEC,
        Optional.empty(),
        Optional.of(image),
        List.of(),
        List.of(hosts).stream().map(ScriptedHost::view).toList(),
        List.of(),
        List.of());
  }

  private List<String> steps(Situation situation) {
    return new ClusterWorkflow(settings)
        .stages(situation).stream()
            .flatMap(stage -> stage.steps().stream())
            .map(step -> step.host().address() + " " + step.name())
            .toList();
  }

  @Test
  void aClusterIsMadeInTheOrderOfTheTableOfContents() {
    assertThat(steps(situation(kubernetes, first, second, worker)))
        .containsExactly(
            "10.0.0.1 rootfs",
            "10.0.0.2 rootfs",
            "10.0.0.9 rootfs",
            "10.0.0.1 init.sh",
            "10.0.0.2 init.sh",
            "10.0.0.9 init.sh",
            "10.0.0.9 plugin p in PreInit",
            "10.0.0.1 registry certificate",
            "10.0.0.1 trust the registry",
            "10.0.0.1 registries of containerd",
            "10.0.0.1 no proxy for the cluster",
            "10.0.0.2 trust the registry",
            "10.0.0.2 registries of containerd",
            "10.0.0.2 no proxy for the cluster",
            "10.0.0.9 trust the registry",
            "10.0.0.9 registries of containerd",
            "10.0.0.9 no proxy for the cluster",
            "10.0.0.1 registry",
            "10.0.0.1 address of the API server",
            "10.0.0.2 address of the API server",
            "10.0.0.9 address of the API server",
            "10.0.0.1 audit policy",
            "10.0.0.2 audit policy",
            "10.0.0.1 kubeadm init",
            "10.0.0.2 kubeadm join",
            "10.0.0.9 kubeadm join",
            "10.0.0.1 kubeconfig of root",
            "10.0.0.2 kubeconfig of root",
            "10.0.0.1 command 1: kubectl apply -f cni.yaml",
            "10.0.0.1 all nodes ready");
  }

  @Test
  void aPlanIsTheSameTwice() {
    assertThat(steps(situation(kubernetes, first, second, worker)))
        .isEqualTo(steps(situation(kubernetes, first, second, worker)));
  }

  @Test
  void aHostThatIsFirstInTheSpecJoinsAClusterThatIsThere() {
    ScriptedHost there = ScriptedHost.of("10.0.0.2", "master").holds("kubeadm init", "registry");

    assertThat(steps(situation(kubernetes, first, there, worker)))
        .contains(
            "10.0.0.1 kubeadm join",
            "10.0.0.2 kubeadm init",
            "10.0.0.2 registry",
            "10.0.0.2 command 1: kubectl apply -f cni.yaml")
        .doesNotContain("10.0.0.1 kubeadm init", "10.0.0.1 registry");
  }

  @Test
  void anApplicationNeedsACluster() {
    assertThatThrownBy(() -> steps(situation(application, first)))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("has no Kubernetes");
  }

  @Test
  void anApplicationThatWantsAnotherKubernetesIsRefused() {
    ScriptedHost there =
        ScriptedHost.of("10.0.0.1", "master").holds("kubeadm init").kubelet("v1.20.2");

    assertThatThrownBy(() -> steps(situation(application, there)))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("wants Kubernetes >=1.21.0, the cluster has v1.20.2");
  }

  @Test
  void anApplicationIsInstalledWithoutTouchingKubernetes() {
    ScriptedHost there =
        ScriptedHost.of("10.0.0.1", "master").holds("kubeadm init").kubelet("v1.22.0");

    assertThat(steps(situation(application, there)))
        .contains("10.0.0.1 rootfs", "10.0.0.1 command 1: kubectl apply -f app.yaml")
        .noneMatch(step -> step.contains("init.sh") || step.contains("kubeadm"));
  }

  @Test
  void anOlderImageIsRefused() {
    ScriptedHost there =
        ScriptedHost.of("10.0.0.1", "master").holds("kubeadm init").kubelet("v1.21.0");

    assertThatThrownBy(() -> steps(situation(kubernetes, there, worker)))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("a node cannot go back");
  }

  @Test
  void nodesAreUpgradedOneByOneControlPlaneFirst() {
    ScriptedHost initial =
        ScriptedHost.of("10.0.0.1", "master").holds("kubeadm init").kubelet("v1.19.8");
    ScriptedHost node =
        ScriptedHost.of("10.0.0.9", "node").holds("kubeadm join").kubelet("v1.19.8");

    assertThat(steps(situation(kubernetes, initial, node)))
        .containsSubsequence(
            "10.0.0.1 registry", "10.0.0.1 upgrade to v1.20.2", "10.0.0.9 upgrade to v1.20.2");
    assertThat(
            new ClusterWorkflow(settings)
                .stages(situation(kubernetes, initial, node)).stream()
                    .filter(stage -> stage.name().startsWith("upgrade"))
                    .map(stage -> stage.steps().size()))
        .containsExactly(1, 1);
  }
}
