package cloud.sealer.kubernetes.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ClusterPlugin;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginReaderTest {
  private static final RootfsPath FILE = RootfsPath.of("plugins/a.yaml");

  private static PluginFiles.Loaded load(String text) {
    return PluginFiles.load(Map.of(FILE, text));
  }

  private static String document(String spec) {
    return "kind: Plugin\nmetadata: {name: p}\nspec:\n" + spec.indent(2);
  }

  @ParameterizedTest
  @CsvSource({
    "PreInit, PRE_INIT",
    "preinit, PRE_INIT",
    "Originally, ORIGINALLY",
    "post-init-host, PRE_INIT",
    "pre-init-host, ORIGINALLY",
    "post-install, POST_INSTALL",
    "PreJoin, PRE_JOIN"
  })
  void wordsForPhases(String word, Phase phase) {
    PluginFiles.Loaded loaded = load(document("type: SHELL\naction: " + word + "\ndata: ls"));
    assertThat(loaded.plugins().get(0).phases()).containsExactly(phase);
  }

  @Test
  void theSeedExample() {
    PluginFiles.Loaded loaded =
        load(
            document(
                """
                type: shell
                action: PreGuest | PostInstall
                on: node-role.kubernetes.io/master=
                data: |
                  kubectl taint nodes --all x-
                """));
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.plugins())
        .containsExactly(
            new PluginSpec(
                "p",
                "SHELL",
                Set.of(Phase.PRE_GUEST, Phase.POST_INSTALL),
                "node-role.kubernetes.io/master=",
                "kubectl taint nodes --all x-\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "action: PreInit;data: x | plugins/a.yaml:4:3 | spec.type is missing",
        "type: SHELL;data: x | plugins/a.yaml:4:3 | spec.action is missing",
        "type: SHELL;action: PreInt;data: x | plugins/a.yaml:5:11 | did you mean PreInit?",
        "type: SHELL;action: PreInit | plugins/a.yaml:4:3 | spec.data is missing",
        "type: SHELL;action: PreInit;on: a=b;data: x | plugins/a.yaml:6:7 | no nodes in PreInit",
        "type: SHELL;action: PreInit;on: 10.0.0.9-10.0.0.1;data: x | plugins/a.yaml:6:7 | spec.on",
        "type: LABEL;action: PreInit;data: 1.2.3.4 a=b | plugins/a.yaml:5:3 | does nothing in",
        "type: LABEL;action: PreGuest;data: 1.2.3.4 a | plugins/a.yaml:6:9 | has no =",
        "type: LABEL;action: PreGuest;data: 1.2.3.4 a=b c | plugins/a.yaml:6:9 | no value",
        "type: TAINT;action: PreGuest;data: 1.2.3.4 a=b | plugins/a.yaml:6:9 | has no effect",
        "type: TAINT;action: PreGuest;data: '1.2.3.4 a=b:NoSchedul' | plugins/a.yaml:6:9 |"
            + " did you mean NoSchedule?",
        "type: TAINT;action: PreGuest;data: '1.2.3.4 =b:NoExecute' | plugins/a.yaml:6:9 | no key",
        "type: TAINT;action: PreGuest;data: '1.2.3.4 a=b=c:NoExecute' | plugins/a.yaml:6:9 | value",
        "type: HOSTNAME;action: PreInit;data: 1.2.3.4 A_b | plugins/a.yaml:6:9 | no name of a node",
        "type: HOSTNAME;action: PreInit;data: 1.2.3.4-1.2.3.5 a | plugins/a.yaml:6:9 | several",
        "type: HOSTNAME;action: PreGuest;data: 1.2.3.4 a | plugins/a.yaml:5:3 | does nothing in",
        "type: ETCD;action: PreGuest | plugins/a.yaml:4:3 | spec.data is missing",
        "type: ETCD;action: PreGuest;data: a/b | plugins/a.yaml:6:9 | must be absolute"
      })
  void mistakesHavePlaces(String spec, String place, String problem) {
    assertThatThrownBy(() -> load(document(spec.replace(";", "\n"))))
        .isInstanceOfSatisfying(
            SealerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.PLUGIN_FAILED);
              Diagnostic first = e.diagnostics().get(0);
              assertThat(first.position()).hasToString(place);
              assertThat(first.toString()).contains(problem);
            });
  }

  @Test
  void eachWrongLineOfTheDataHasItsPlace() {
    assertThatThrownBy(
            () ->
                load(
                    document(
                        """
                        type: TAINT
                        action: PreGuest
                        data: |
                          # fine
                          10.0.0.1 a:NoSchedule

                          10.0.0.1
                          10.0.0.300 a:NoSchedule
                          10.0.0.1 a:Nope
                        """)))
        .isInstanceOfSatisfying(
            SealerException.class,
            e ->
                assertThat(e.diagnostics())
                    .extracting(finding -> finding.position().line())
                    .containsExactly(10, 11, 12));
  }

  @Test
  void warnings() {
    PluginFiles.Loaded loaded =
        PluginFiles.load(
            Map.of(
                RootfsPath.of("plugins/x.so"),
                "",
                RootfsPath.of("plugins/b.yaml"),
                document("type: SHEL\naction: PreInit\ndata: x\nfoo: 1") + "---\nkind: Config\n",
                RootfsPath.of("plugins/c.yaml"),
                document("type: ETCD\naction: PreGuest\non: /tmp/snapshot.db")));
    assertThat(loaded.warnings())
        .extracting(Diagnostic::toString)
        .containsExactly(
            "plugins/b.yaml:4:9: warning: the plugin type \"SHEL\" is not built in; did you mean"
                + " SHELL?",
            "plugins/b.yaml:7:3: warning: unknown field \"spec.foo\", which is ignored",
            "plugins/b.yaml:9:1: warning: only documents of kind Plugin are read here, not"
                + " \"Config\"",
            "plugins/c.yaml:6:7: warning: spec.on selects hosts elsewhere; write the path in"
                + " spec.data",
            "plugins/x.so: warning: plugins that are Go libraries are not loaded; write the plugin"
                + " in Java, as a ClusterPlugin");
    assertThat(EtcdSnapshot.of(loaded.plugins().get(1)).file()).isEqualTo("/tmp/snapshot.db");
  }

  @Test
  void aPluginOfTheClusterfileReplacesOneOfItsName() {
    PluginSpec image = spec("a", "SHELL", "image");
    PluginSpec other = spec("b", "SHELL", "image");
    PluginSpec own = spec("a", "SHELL", "own");
    PluginSpec more = spec("c", "SHELL", "own");
    assertThat(PluginFiles.merge(List.of(image, other), List.of(more, own)))
        .containsExactly(own, other, more);
    assertThat(PluginFiles.isPluginFile(RootfsPath.of("plugins/a.yml"))).isTrue();
    assertThat(PluginFiles.isPluginFile(RootfsPath.of("plugins/x/a.yml"))).isFalse();
    assertThat(PluginFiles.isPluginFile(RootfsPath.of("etc/a.yml"))).isFalse();
  }

  @Test
  void typesOfProvidersAreCheckedByThem() {
    ClusterPlugin mine =
        new ClusterPlugin() {
          @Override
          public String type() {
            return "MINE";
          }

          @Override
          public List<String> validate(PluginSpec spec) {
            return spec.data().isEmpty() ? List.of("data is missing") : List.of();
          }

          @Override
          public void run(Context context) {}
        };
    PluginFiles.check(List.of(spec("a", "MINE", "x"), spec("b", "SHELL", "x")), List.of(mine));
    assertThatThrownBy(
            () ->
                PluginFiles.check(
                    List.of(spec("a", "MINE", ""), spec("b", "OTHER", "x")), List.of(mine)))
        .isInstanceOf(SealerException.class)
        .hasMessage("plugin a: data is missing\nplugin b: nothing here does the type \"OTHER\"");
  }

  private static PluginSpec spec(String name, String type, String data) {
    return new PluginSpec(name, type, Set.of(Phase.PRE_GUEST), "", data);
  }
}
