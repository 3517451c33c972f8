package cloud.sealer.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.kubernetes.kubeadm.KubernetesVersion;
import cloud.sealer.kubernetes.step.ScriptedHost;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpgradeTest {
  private final ScriptedHost second =
      ScriptedHost.of("10.0.0.2", "master").holds("kubeadm join").kubelet("v1.20.2");
  private final ScriptedHost worker =
      ScriptedHost.of("10.0.0.9", "node").holds("kubeadm join").kubelet("v1.20.2");
  private final ScriptedHost first =
      ScriptedHost.of("10.0.0.1", "master").holds("kubeadm init").kubelet("v1.20.2");

  private static List<String> stages(String version, ScriptedHost acting, ScriptedHost... hosts) {
    Situation situation =
        new Situation(
            new ClusterChange.Upgrade("test", "kubernetes:" + version),
            ClusterSpec.builder("test").image("kubernetes:" + version).build(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(hosts).stream().map(ScriptedHost::view).toList(),
            List.of(),
            List.of());
    return new Upgrade(situation, acting.view(), KubernetesVersion.parse(version), true)
        .stages().stream().map(Stage::name).toList();
  }

  @Test
  void oneNodeIsUpgradedAfterAnotherTheInitialControlPlaneFirst() {
    assertThat(stages("v1.21.1", first, worker, second, first))
        .containsExactly("upgrade 10.0.0.1", "upgrade 10.0.0.2", "upgrade 10.0.0.9");
  }

  @Test
  void aNodeThatHasTheVersionOrIsNoneYetIsLeftOut() {
    worker.kubelet("v1.21.1");
    ScriptedHost fresh = ScriptedHost.of("10.0.0.10", "node");

    assertThat(stages("v1.21.1", first, first, second, worker, fresh))
        .containsExactly("upgrade 10.0.0.1", "upgrade 10.0.0.2");
  }

  @ParameterizedTest(name = "to {0}")
  @CsvSource({
    "v1.22.0, 'a minor release cannot be left out'",
    "v2.0.0, 'a minor release cannot be left out'",
    "v1.19.9, 'a node cannot go back'",
    "v1.20.1, 'a node cannot go back'"
  })
  void aVersionThatIsNotNextIsRefused(String version, String why) {
    assertThatThrownBy(() -> stages(version, first, first, worker))
        .isInstanceOfSatisfying(
            SealerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
              assertThat(e.remedy()).isNotEmpty();
            })
        .hasMessageContaining("10.0.0.1 has Kubernetes v1.20.2, the image has " + version)
        .hasMessageContaining(why);
  }
}
