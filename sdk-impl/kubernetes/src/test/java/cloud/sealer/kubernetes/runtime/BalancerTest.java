package cloud.sealer.kubernetes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.ScriptedHost;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.spi.HostCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BalancerTest {
  private static final String REGISTRY = "sea.hub:5000";

  private final ScriptedHost first = ScriptedHost.of("10.0.0.1", "master");
  private final ScriptedHost second = ScriptedHost.of("10.0.0.2", "master");
  private final ScriptedHost worker = ScriptedHost.of("10.0.0.9", "node");

  private static List<ContainerImage> images(String... names) {
    Digest digest = Digest.sha256("0".repeat(64));
    return Stream.of(names)
        .map(
            name ->
                new ContainerImage(
                    Reference.parse(name), digest, digest, Platform.LINUX_AMD64, 1, List.of()))
        .toList();
  }

  private HostView worker(String... traits) {
    HostView view = worker.view();
    return new HostView(
        view.host(), view.facts(), view.paths(), view.record(), view.layers(), Set.of(traits));
  }

  @Test
  void lvscareIsChosenWhereTheImageBringsItAndTheKernelHasTheModule() {
    List<ContainerImage> both =
        images("docker.io/library/haproxy:2.6", "docker.io/fanux/lvscare:v1");
    assertThat(Balancer.choose(both, REGISTRY, worker()))
        .contains(new Balancer.Choice(Balancer.LVSCARE, "sea.hub:5000/fanux/lvscare:v1"));
    assertThat(Balancer.choose(both, REGISTRY, worker("without-ip_vs")))
        .contains(new Balancer.Choice(Balancer.HAPROXY, "sea.hub:5000/library/haproxy:2.6"));
  }

  @Test
  void withoutLvscareThereIsHaproxyAndWithoutBothNothing() {
    assertThat(Balancer.choose(images("quay.io/x/haproxy:1"), REGISTRY, worker()))
        .map(Balancer.Choice::address)
        .contains("127.0.0.1");
    assertThat(Balancer.choose(images("fanux/lvscare:v1"), REGISTRY, worker("without-ip_vs")))
        .isEmpty();
    assertThat(Balancer.choose(images("x/not-haproxy:1"), REGISTRY, worker())).isEmpty();
  }

  @Test
  void thePodOfLvscareKeepsTheRulesOfTheVirtualAddress() {
    String manifest =
        VirtualServer.manifest("sea.hub:5000/fanux/lvscare:v1", List.of("10.0.0.1", "fd00::2"));
    assertThat(manifest)
        .contains(
            """
                  args:
                    - "--vs=10.103.97.2:6443"
                    - "--rs=10.0.0.1:6443"
                    - "--rs=[fd00::2]:6443"
                    - "--health-path=/healthz"
                    - "--health-schem=https"
                  securityContext:
                    privileged: true
            """
                .indent(0));
    assertThat(new org.yaml.snakeyaml.Yaml().<Object>load(manifest)).isNotNull();
  }

  @Test
  void theRulesAreThereBeforeTheKubeletCanStartThePod() {
    new VirtualServer(
            worker(), "sea.hub:5000/fanux/lvscare:v1", List.of(first.view(), second.view()))
        .run(worker.context("virtual address"));

    HostCommand command = worker.commands().get(worker.commands().size() - 1);
    assertThat(command.text()).contains("care --run-once");
    assertThat(command.environment())
        .containsEntry("VIP", "10.103.97.2")
        .containsEntry("NODE", "10.0.0.9")
        .containsEntry(
            "ARGUMENTS",
            "--vs=10.103.97.2:6443 --rs=10.0.0.1:6443 --rs=10.0.0.2:6443"
                + " --health-path=/healthz --health-schem=https");
  }

  @Test
  void serversAreReplacedInThePodThatIsThere(@TempDir Path directory) throws Exception {
    String image = "sea.hub:5000/fanux/lvscare:v1";
    Path manifest =
        Files.writeString(
            directory.resolve("pod.yaml"),
            VirtualServer.manifest(image, List.of("10.0.0.1", "10.0.0.2", "10.0.0.3")));
    new LoadBalancerServers(worker(), List.of(first.view(), second.view()))
        .run(worker.context("servers"));
    HostCommand command = worker.commands().get(worker.commands().size() - 1);
    ProcessBuilder shell =
        new ProcessBuilder(
            "sh",
            "-c",
            command.text().replace("/etc/kubernetes/.load-balancer", directory + "/new"));
    shell.environment().putAll(command.environment());
    shell.environment().put("MANIFEST", manifest.toString());

    assertThat(shell.inheritIO().start().waitFor()).isZero();

    assertThat(manifest).hasContent(VirtualServer.manifest(image, List.of("10.0.0.1", "10.0.0.2")));
  }
}
