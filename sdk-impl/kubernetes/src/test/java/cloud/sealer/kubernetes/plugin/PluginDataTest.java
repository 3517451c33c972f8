package cloud.sealer.kubernetes.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SshOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PluginDataTest {
  private static final List<Host> HOSTS =
      List.of(
          host("10.0.0.3", "node", "gpu"),
          host("10.0.0.1", "master"),
          host("10.0.0.2:2222", "master", "node"),
          host("10.0.0.4", "node"));

  private static Host host(String address, String... roles) {
    return new Host(HostAddress.parse(address), Set.of(roles), SshOptions.NONE, Map.of());
  }

  private static PluginSpec plugin(String type, String data) {
    return new PluginSpec("p", type, Set.of(Phase.PRE_GUEST), "", data);
  }

  private static List<String> select(String on) {
    return HostSelector.select(
            on,
            HOSTS,
            selector -> selector.equals("gpu=yes") ? List.of("10.0.0.4", "10.0.0.3") : List.of())
        .stream()
        .map(host -> host.address().host().substring(7))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 1,2,3,4",
        "master | 1,2",
        "node | 3,2,4",
        "master0 | 1",
        "gpu | 3",
        "10.0.0.4 | 4",
        "10.0.0.2 | 2",
        "10.0.0.2:2222 | 2",
        "10.0.0.3-10.0.0.4 | 3,4",
        "10.0.0.4, master0,gpu | 4,1,3",
        "master,10.0.0.1 | 1,2",
        "gpu=yes | 3,4"
      })
  void hostsAreSelected(String on, String hosts) {
    assertThat(select(on)).containsExactly(hosts.split(","));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.9", "10.0.0.2:22", "other", "gpu=no", "master,", "10.0.0.1-x"})
  void aPartThatSelectsNothingIsAMistake(String on) {
    assertThatThrownBy(() -> select(on))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("selects no host of the cluster")
        .extracting("code")
        .isEqualTo(ErrorCode.PLUGIN_FAILED);
  }

  @Test
  void labelsBecomeOneCommandForEachNode() {
    List<NodeCommand> commands =
        NodeLabels.of(
                plugin(
                    "LABEL",
                    "10.0.0.1-10.0.0.2 disk=ssd,example.com/a=\n# x\n10.0.0.1   disk=hdd,old-\n"))
            .commands(address -> "n" + address.host().substring(7));
    assertThat(commands)
        .containsExactly(
            new NodeCommand(
                "n1",
                List.of("label", "node", "n1", "disk=hdd", "example.com/a=", "old-", "--overwrite"),
                ""),
            new NodeCommand(
                "n2",
                List.of("label", "node", "n2", "disk=ssd", "example.com/a=", "--overwrite"),
                ""));
  }

  @Test
  void taintsBecomeCommandsInTheirOrder() {
    List<NodeCommand> commands =
        NodeTaints.of(
                plugin(
                    "TAINT",
                    "10.0.0.1-10.0.0.2 a=b:NoSchedule\n10.0.0.1 a=b:NoSchedule-\n10.0.0.1 c-\n"
                        + "10.0.0.1 d:NoExecute"))
            .commands(address -> "n" + address.host().substring(7));
    assertThat(commands)
        .containsExactly(
            new NodeCommand(
                "n1", List.of("taint", "node", "n1", "a=b:NoSchedule", "--overwrite"), ""),
            new NodeCommand(
                "n2", List.of("taint", "node", "n2", "a=b:NoSchedule", "--overwrite"), ""),
            new NodeCommand("n1", List.of("taint", "node", "n1", "a:NoSchedule-"), "not found"),
            new NodeCommand("n1", List.of("taint", "node", "n1", "c-"), "not found"),
            new NodeCommand(
                "n1", List.of("taint", "node", "n1", "d:NoExecute", "--overwrite"), ""));
  }

  @Test
  void namesOfHosts() {
    Hostnames names = Hostnames.of(plugin("HOSTNAME", "10.0.0.1 cp-1\n10.0.0.2   cp-2.example\n"));
    assertThat(names.nameOf(HOSTS.get(1))).contains("cp-1");
    assertThat(names.nameOf(HOSTS.get(2))).contains("cp-2.example");
    assertThat(names.nameOf(HOSTS.get(0))).isEmpty();
    assertThatThrownBy(() -> Hostnames.of(plugin("HOSTNAME", "10.0.0.1 a\n10.0.0.2 a")))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("two hosts have the name");
  }
}
