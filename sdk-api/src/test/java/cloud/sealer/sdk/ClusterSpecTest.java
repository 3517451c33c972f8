package cloud.sealer.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ConfigSpec.Strategy;
import cloud.sealer.sdk.PluginSpec.Phase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterSpecTest {
  private static HostGroup group(
      String addresses, Set<String> roles, SshOptions ssh, Map<String, List<String>> env) {
    return new HostGroup(HostAddress.parseList(addresses), roles, ssh, env);
  }

  @Test
  void settingsOfHostsGoOverThoseOfTheCluster() {
    ClusterSpec spec =
        ClusterSpec.builder("a")
            .ssh(SshOptions.builder().user("ops").port(22).password(Secret.of("all")).build())
            .env("A", "1", "2")
            .env("B", "3")
            .group(
                group(
                    "10.0.0.1",
                    Set.of("master"),
                    SshOptions.builder().password(Secret.of("own")).build(),
                    Map.of("A", List.of("own"))))
            .workers("10.0.0.2-10.0.0.3")
            .build();
    Host first = spec.hosts().get(0);
    assertThat(first.env()).isEqualTo(Map.of("A", List.of("own"), "B", List.of("3")));
    assertThat(first.ssh().password()).contains(Secret.of("own"));
    assertThat(first.ssh().user()).contains("ops");
    assertThat(spec.hosts().get(1).env()).isEqualTo(spec.env());
    assertThat(spec.controlPlanes()).containsExactly(first);
    assertThat(spec.workers())
        .extracting(host -> host.address().host())
        .containsExactly("10.0.0.2", "10.0.0.3");
  }

  @Test
  void aHostInSeveralGroupsIsOneWithAllItsRolesAndTheFirstSettings() {
    ClusterSpec spec =
        ClusterSpec.builder("a")
            .group(group("10.0.0.1", Set.of("node"), SshOptions.NONE, Map.of("A", List.of("1"))))
            .group(
                group(
                    "10.0.0.1,10.0.0.2",
                    Set.of("master"),
                    SshOptions.builder().user("ops").build(),
                    Map.of("A", List.of("2"), "B", List.of("3"))))
            .build();
    assertThat(spec.hosts()).hasSize(2);
    Host both = spec.hosts().get(0);
    assertThat(both.roles()).containsExactly("node", "master");
    assertThat(both.env()).isEqualTo(Map.of("A", List.of("1"), "B", List.of("3")));
    assertThat(both.user()).isEqualTo("ops");
    assertThat(spec.workers()).isEmpty();
    assertThat(spec.controlPlanes()).hasSize(2);
  }

  @Test
  void aBuilderOfASpecMakesAnEqualOne() {
    ClusterSpec spec =
        ClusterSpec.builder("a")
            .annotation("x", "y")
            .image("i:v1")
            .ssh(SshOptions.builder().privateKey(Path.of("k")).passphrase(Secret.of("p")).build())
            .env("A", "1")
            .controlPlanes("10.0.0.1")
            .commandArg("n", "1")
            .commands(List.of())
            .config(new ConfigSpec("c", RootfsPath.of("etc/a"), Strategy.MERGE, List.of(), "a: 1"))
            .plugin(new PluginSpec("p", "SHELL", Set.of(Phase.PRE_INIT), "", "ls"))
            .kubeadm(new KubeadmDocument("ClusterConfiguration", "a: 1"))
            .build();
    assertThat(spec.toBuilder().build()).isEqualTo(spec).hasSameHashCodeAs(spec);
    List<ClusterSpec> others =
        List.of(
            spec.toBuilder().name("b").build(),
            spec.toBuilder().annotation("x", "z").build(),
            spec.toBuilder().image("i:v2").build(),
            spec.toBuilder().ssh(SshOptions.NONE).build(),
            spec.toBuilder().env("A", "2").build(),
            spec.toBuilder().workers("10.0.0.2").build(),
            spec.toBuilder().groups(List.of()).build(),
            spec.toBuilder().commandArg("n", "2").build(),
            spec.toBuilder().commands(List.of("x")).build(),
            spec.toBuilder().kubeadm(new KubeadmDocument("Kind", "b: 1")).build());
    assertThat(others).doesNotContain(spec).doesNotHaveDuplicates();
    assertThat(spec.toString()).isEqualTo("ClusterSpec[a, i:v1, 1 hosts]");
  }

  @Test
  void aSpecDoesNotFollowItsBuilder() {
    ClusterSpec.Builder builder = ClusterSpec.builder("a");
    ClusterSpec before = builder.build();
    builder.env("A", "1").workers("10.0.0.1").name("b");
    assertThat(before.env()).isEmpty();
    assertThat(before.groups()).isEmpty();
    assertThat(before.name()).isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "-a", "a-", "a_b", "a/b", "..", "a\n"})
  void namesThatNoDirectoryShouldHave(String name) {
    assertThatThrownBy(() -> ClusterSpec.builder(name))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.1, 22, 22", "10.0.0.1:23, 24, 23", "10.0.0.1, 24, 24"})
  void thePortOfAnAddressWins(String address, int port, int expected) {
    Host host =
        new Host(
            HostAddress.parse(address),
            Set.of(),
            SshOptions.builder().port(port).build(),
            Map.of());
    assertThat(host.port()).isEqualTo(expected);
  }

  @Test
  void documentsOfKubeadmAreTrimmedToTheirContent() {
    assertThat(new KubeadmDocument("K", "\n  \n  a: 1\n  b: 2  \n\n").yaml())
        .isEqualTo("  a: 1\n  b: 2\n");
  }

  @Test
  void partsAreCopies() {
    List<String> values = new ArrayList<>(List.of("1"));
    HostGroup group = group("10.0.0.1", Set.of("node"), SshOptions.NONE, Map.of("A", values));
    values.add("2");
    assertThat(group.env()).isEqualTo(Map.of("A", List.of("1")));
    assertThatThrownBy(() -> ClusterSpec.builder("a").env("A"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> group("10.0.0.1", Set.of("node"), SshOptions.NONE, Map.of("A", List.of())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PluginSpec("p", "SHELL", Set.of(), "", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the plugin p has no phase");
  }
}
