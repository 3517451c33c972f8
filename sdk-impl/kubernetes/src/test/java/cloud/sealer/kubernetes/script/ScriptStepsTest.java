package cloud.sealer.kubernetes.script;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.kubernetes.rootfs.RegistrySettings;
import cloud.sealer.kubernetes.step.ScriptedHost;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.spi.HostCommand;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScriptStepsTest {
  private static final ClusterImage.Metadata METADATA =
      ClusterImage.Metadata.builder()
          .args(Map.of("Version", "4.0.0", "Token", "default"))
          .commands(List.of("kubectl apply -f mongo-${Version}.yaml", "login $Token $HOME"))
          .build();

  private final ScriptedHost host =
      ScriptedHost.of(
          "10.0.0.1", "master", Map.of("K", List.of("a b", "c"), "Q", List.of("it's $x `y`")));

  private static ClusterSpec.Builder spec() {
    return ClusterSpec.builder("test").image("app:v1").controlPlanes("10.0.0.1");
  }

  @Test
  void argumentsOfTheClusterfileComeOverThoseOfTheImage() {
    List<Step> steps =
        ImageCommands.steps(
            host.view(), METADATA, spec().commandArg("Token", "s3cret").build(), "");

    steps.forEach(step -> step.run(host.context(step.name())));

    assertThat(host.commands()).hasSize(2);
    assertThat(host.commands().get(0).text()).endsWith("kubectl apply -f mongo-4.0.0.yaml");
    assertThat(host.commands().get(1).text()).endsWith("login s3cret $HOME");
    assertThat(host.titles()).noneMatch(title -> title.contains("s3cret"));
    assertThat(steps).noneMatch(step -> step.name().contains("s3cret"));
  }

  @Test
  void aCommandSeesTheRootfsAndTheVariablesOfTheHost() {
    ImageCommands.steps(host.view(), METADATA, spec().build(), "")
        .forEach(step -> step.run(host.context(step.name())));

    HostCommand command = host.commands().get(0);
    assertThat(command.directory()).hasValue("/var/lib/sealer/data/test/rootfs");
    assertThat(command.environment())
        .containsEntry("K", "a b c")
        .containsEntry("Q", "it's $x `y`")
        .containsEntry("KUBECONFIG", "/etc/kubernetes/admin.conf");
  }

  @Test
  void commandsOfTheClusterfileStandForThoseOfTheImage() {
    assertThat(
            ImageCommands.steps(
                host.view(), METADATA, spec().commands(List.of("echo mine")).build(), ""))
        .extracting(Step::name)
        .containsExactly("command 1: echo mine");
    assertThat(ImageCommands.steps(host.view(), METADATA, spec().commands(List.of()).build(), ""))
        .isEmpty();
  }

  @Test
  void aNewEditionOfAnApplicationExecutesItsCommandsAgain() {
    Step first = ImageCommands.steps(host.view(), METADATA, spec().build(), "sha256:1").get(0);
    Step second = ImageCommands.steps(host.view(), METADATA, spec().build(), "sha256:2").get(0);

    assertThat(first.name()).isEqualTo(second.name());
    assertThat(first.fingerprint()).isNotEqualTo(second.fingerprint());
  }

  @Test
  void initShGetsStorageDomainAndPort() {
    new InitScript(host.view(), RegistrySettings.parse("{domain: reg.test, port: 5001}"))
        .run(host.context("init.sh"));

    HostCommand command = host.commands().get(host.commands().size() - 1);
    assertThat(command.text()).endsWith("bash init.sh /var/lib/docker reg.test 5001");
    assertThat(command.directory()).hasValue("/var/lib/sealer/data/test/rootfs/scripts");
    assertThat(command.environment()).containsEntry("Q", "it's $x `y`");
  }

  @Test
  void settingsOfADockerThatWasThereBeforeAreKept() {
    host.answer("read /etc/docker/daemon.json", "{\"log-level\":\"warn\"}")
        .answer(
            "read /var/lib/sealer/data/test/rootfs/etc/daemon.json",
            "{\"log-level\":\"info\",\"registry-mirrors\":[\"https://sea.hub:5000\"]}");

    new InitScript(host.view(), RegistrySettings.parse("{domain: reg.test, port: 5001}"))
        .run(host.context("init.sh"));

    assertThat(host.uploads().get("/var/lib/sealer/data/test/rootfs/etc/daemon.merged.json"))
        .contains("\"warn\"", "https://reg.test:5001")
        .doesNotContain("info", "sea.hub");
  }
}
