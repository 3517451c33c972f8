package cloud.sealer.kubernetes.plugin.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.kubernetes.step.ScriptedHost;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ClusterPlugin;
import cloud.sealer.sdk.spi.HostCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PluginStepsTest {
  private static final String NODES =
      """
      {"items":[
        {"metadata":{"name":"one","labels":{"node-role.kubernetes.io/master":""}},
         "status":{"addresses":[{"type":"InternalIP","address":"10.0.0.1"}]}},
        {"metadata":{"name":"two","labels":{}},
         "status":{"addresses":[{"type":"InternalIP","address":"10.0.0.2"}]}}]}
      """;

  private final ScriptedHost second =
      ScriptedHost.of("10.0.0.2", "node", Map.of("K", List.of("a b")));
  private final ScriptedHost first =
      ScriptedHost.of("10.0.0.1", "master").knows(second).answer("kubectl get nodes", NODES);

  private static PluginSpec plugin(String type, Phase phase, String on, String data) {
    return new PluginSpec("p", type, Set.of(phase), on, data);
  }

  private List<Step> steps(PluginSpec plugin, Phase phase, ClusterPlugin... providers) {
    return new PluginSteps(
            List.of(plugin), List.of(providers), List.of(first.view().host(), second.view().host()))
        .in(phase, List.of(first.view(), second.view()), first.view()).stream()
            .map(Stage::steps)
            .flatMap(List::stream)
            .toList();
  }

  @Test
  void aScriptIsExecutedInItsPhaseOnly() {
    PluginSpec plugin = plugin("SHELL", Phase.PRE_INIT, "node", "echo hi");

    assertThat(steps(plugin, Phase.PRE_GUEST)).isEmpty();
    assertThat(steps(plugin, Phase.PRE_INIT))
        .extracting(Step::toString)
        .containsExactly("10.0.0.2 plugin p in PreInit");
  }

  @Test
  void aScriptSeesTheRootfsButBeforeThereIsOne() {
    for (Phase phase : List.of(Phase.PRE_INIT, Phase.ORIGINALLY)) {
      steps(plugin("SHELL", phase, "10.0.0.2", "echo $K"), phase)
          .forEach(step -> step.run(second.context(step.name())));
    }

    assertThat(second.commands())
        .extracting(command -> command.directory().orElse(""))
        .containsExactly("/var/lib/sealer/data/test/rootfs", "");
    assertThat(second.commands().get(0).environment()).containsEntry("K", "a b");
  }

  @Test
  void aLabelSelectorIsAskedOfTheApiServer() {
    Step step =
        steps(plugin("SHELL", Phase.POST_INSTALL, "role=x", "id"), Phase.POST_INSTALL).get(0);

    assertThat(step.wholeCluster()).isTrue();
    step.run(first.context(step.name()));

    assertThat(first.titles()).anyMatch(title -> title.contains("get nodes -l role=x"));
    assertThat(second.titles()).containsExactly("plugin p");
  }

  @Test
  void nodesAreLabelledByTheAddressOfTheirHost() {
    Step step =
        steps(plugin("LABEL", Phase.PRE_GUEST, "", "10.0.0.2 disk=ssd,gpu="), Phase.PRE_GUEST)
            .get(0);

    step.run(first.context(step.name()));

    assertThat(first.titles()).contains("kubectl label node two disk=ssd gpu= --overwrite");
  }

  @Test
  void nodesAreTainted() {
    Step step = steps(plugin("TAINT", Phase.PRE_GUEST, "", "10.0.0.1 k-"), Phase.PRE_GUEST).get(0);

    step.run(first.context(step.name()));

    assertThat(first.titles()).contains("kubectl taint node one k-");
  }

  @Test
  void aLabelOfAnAddressThatIsNoNodeFails() {
    Step step = steps(plugin("LABEL", Phase.PRE_GUEST, "", "10.9.9.9 a=b"), Phase.PRE_GUEST).get(0);

    assertThatThrownBy(() -> step.run(first.context(step.name())))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLUGIN_FAILED))
        .hasMessageContaining("10.9.9.9");
  }

  @Test
  void hostsGetTheirNames() {
    Step step =
        steps(plugin("HOSTNAME", Phase.PRE_INIT, "", "10.0.0.2 worker-2"), Phase.PRE_INIT).get(0);
    second.answer("cat /etc/hostname", "old.example\n").answer("hostname", "old\n");

    step.run(second.context(step.name()));

    assertThat(second.commands())
        .extracting(HostCommand::text)
        .contains("hostname worker-2 && printf %s 'worker-2\n' >/etc/hostname");
    assertThat(second.stdin())
        .anyMatch(
            undo -> undo.contains("hostname old && printf %s 'old.example\n' >/etc/hostname"));
  }

  @Test
  void whatIsRemovedLeavesNoRecord() {
    assertThat(steps(plugin("SHELL", Phase.PRE_CLEAN, "", "x"), Phase.PRE_CLEAN))
        .hasSize(2)
        .noneMatch(Step::recorded);
  }

  @Test
  void aTypeOfAProviderGetsItsDocument() {
    List<String> seen = new ArrayList<>();
    ClusterPlugin provider =
        new ClusterPlugin() {
          @Override
          public String type() {
            return "MINE";
          }

          @Override
          public void run(Context context) {
            seen.add(
                context.spec().data()
                    + " "
                    + context.phase()
                    + " "
                    + context.select("node").get(0).address());
          }
        };
    Step step = steps(plugin("MINE", Phase.PRE_GUEST, "", "do"), Phase.PRE_GUEST, provider).get(0);

    step.run(first.context(step.name()));

    assertThat(seen).containsExactly("do PRE_GUEST 10.0.0.2");
  }

  @Test
  void aTypeThatNobodyProvidesIsAnError() {
    assertThatThrownBy(() -> steps(plugin("MINE", Phase.PRE_GUEST, "", ""), Phase.PRE_GUEST))
        .hasMessageContaining("no plugin of type MINE");
  }
}
