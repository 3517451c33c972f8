package cloud.sealer.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.kubernetes.step.ScriptedHost;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.SealerException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RemovalTest {
  private final ScriptedHost first =
      ScriptedHost.of("10.0.0.1", "master").holds("kubeadm init", "registry", "command 1: x");
  private final ScriptedHost second = ScriptedHost.of("10.0.0.2", "master").holds("kubeadm join");
  private final ScriptedHost worker =
      ScriptedHost.of("10.0.0.9", "node").holds("kubeadm join", "load balancer");

  private static Situation situation(
      ClusterChange change, List<ScriptedHost> stay, List<ScriptedHost> leave, Host... lost) {
    return new Situation(
        change,
        ClusterSpec.builder("test")
            .image("kubernetes:v1.20.2")
            .controlPlanes("10.0.0.1,10.0.0.2")
            .workers("10.0.0.9")
            .plugin(
                new PluginSpec(
                    "bye",
                    "SHELL",
                    Set.of(PluginSpec.Phase.PRE_CLEAN, PluginSpec.Phase.POST_CLEAN),
                    "node",
                    "true"))
            .build(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        stay.stream().map(ScriptedHost::view).toList(),
        leave.stream().map(ScriptedHost::view).toList(),
        Arrays.asList(lost));
  }

  private static List<String> steps(List<Stage> stages) {
    return stages.stream()
        .flatMap(stage -> stage.steps().stream())
        .map(step -> step.host().address() + " " + step.name())
        .toList();
  }

  @Test
  void aWorkerIsDrainedAndForgottenBeforeItIsCleaned() {
    Situation situation =
        situation(
            new ClusterChange.Remove("test", List.of(worker.view().address())),
            List.of(first, second),
            List.of(worker));

    assertThat(steps(new Removal(situation, List.of()).ofHosts()))
        .containsExactly(
            "10.0.0.1 address of the API server",
            "10.0.0.2 address of the API server",
            "10.0.0.9 plugin bye in PreClean",
            "10.0.0.1 drain 10.0.0.9",
            "10.0.0.1 remove node 10.0.0.9",
            "10.0.0.9 take Kubernetes off",
            "10.0.0.9 plugin bye in PostClean",
            "10.0.0.9 undo");
  }

  @Test
  void loadBalancersForgetAControlPlaneBeforeItGoes() {
    Situation situation =
        situation(
            new ClusterChange.Remove("test", List.of(second.view().address())),
            List.of(first, worker),
            List.of(second));

    assertThat(steps(new Removal(situation, List.of()).ofHosts()))
        .startsWith(
            "10.0.0.1 address of the API server",
            "10.0.0.9 address of the API server",
            "10.0.0.9 servers of the load balancer",
            "10.0.0.1 drain 10.0.0.2");
  }

  @Test
  void aHostThatCannotBeReachedIsOnlyForgotten() {
    Situation situation =
        situation(
            new ClusterChange.Remove("test", List.of(worker.view().address())),
            List.of(first, second),
            List.of(),
            worker.view().host());

    assertThat(steps(new Removal(situation, List.of()).ofHosts()))
        .endsWith("10.0.0.1 remove node 10.0.0.9")
        .noneMatch(step -> step.startsWith("10.0.0.9"));
  }

  @Test
  void theHostOfTheRegistryStaysUntilAnotherHasIt() {
    Situation situation =
        situation(
            new ClusterChange.Remove("test", List.of(first.view().address())),
            List.of(second, worker),
            List.of(first));

    assertThatThrownBy(() -> new Removal(situation, List.of()).ofHosts())
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("10.0.0.1 has the registry");
  }

  @Test
  void noChangeTakesTheLastControlPlane() {
    Situation situation =
        situation(
            new ClusterChange.Remove("test", List.of(first.view().address())),
            List.of(worker),
            List.of(second));

    assertThatThrownBy(() -> new Removal(situation, List.of()).leave())
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("no host of the control plane of test would stay");
  }

  @Test
  void aWholeClusterGoesWithoutAskingItsApiServer() {
    Situation situation =
        situation(new ClusterChange.Delete("test"), List.of(), List.of(first, second, worker));

    assertThat(steps(new Removal(situation, List.of()).ofCluster()))
        .containsExactly(
            "10.0.0.9 plugin bye in PreClean",
            "10.0.0.1 take Kubernetes off",
            "10.0.0.2 take Kubernetes off",
            "10.0.0.9 take Kubernetes off",
            "10.0.0.9 plugin bye in PostClean",
            "10.0.0.1 undo",
            "10.0.0.2 undo",
            "10.0.0.9 undo");
  }

  @Test
  void whatWasDoneForTheClusterStaysDoneWhenTheInitialHostGoes() {
    Situation situation =
        situation(
            new ClusterChange.Apply(
                ClusterSpec.builder("test").image("i").controlPlanes("10.0.0.2").build()),
            List.of(second, worker),
            List.of(first));

    Step forget =
        new Removal(situation, List.of())
            .leave().stream()
                .flatMap(stage -> stage.steps().stream())
                .filter(step -> step.name().equals("remove node 10.0.0.1"))
                .findFirst()
                .orElseThrow();

    assertThat(forget.host().address()).hasToString("10.0.0.2");
    assertThat(forget.after(second.view().record()).steps())
        .containsKeys("command 1: x", "kubeadm join")
        .doesNotContainKeys("kubeadm init", "registry");
  }

  @Test
  void whoIsWhatStandsInTheRecordsNotInTheOrderOfTheSpec() {
    ScriptedHost fresh = ScriptedHost.of("10.0.0.3", "master");
    Members members =
        new Members(situation(new ClusterChange.Delete("test"), List.of(fresh, second), List.of()));

    assertThat(members.acting().address()).hasToString("10.0.0.2");
    assertThat(members.initial(fresh.view())).isFalse();
    assertThat(members.joining())
        .extracting(view -> view.address().host())
        .containsExactly("10.0.0.3");
  }
}
