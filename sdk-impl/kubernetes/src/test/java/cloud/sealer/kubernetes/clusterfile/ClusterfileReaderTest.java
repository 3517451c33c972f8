package cloud.sealer.kubernetes.clusterfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ConfigSpec;
import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.Distribution;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.RegistrySpec;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.spi.ClusterfileFormat.Read;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterfileReaderTest {
  private static Read read(String text) {
    return new DefaultClusterfileFormat().read(text, "Clusterfile");
  }

  private static ClusterSpec spec(String text) {
    Read read = read(text);
    assertThat(read.warnings()).isEmpty();
    return read.spec();
  }

  @Test
  void everythingOfTheSecondVersion() {
    ClusterSpec spec =
        spec(
            """
            # our cluster
            apiVersion: sealer.cloud/v2
            kind: Cluster
            metadata:
              name: prod
              annotations:
                owner: me
            spec:
              image: my-dashboard:v1
              env:
                - A=1
                - A=2
                - B=x;y;z
                - C=k=v
              cmd_args: [replicas=3]
              cmd:
                - kubectl apply -f a.yaml
              ssh:
                user: ops
                passwd: 0123456
                pk: ~/.ssh/id_rsa
                pkPasswd: "0777"
                port: 2222
              hosts:
                - ips: [10.0.0.1, "10.0.0.2:23"]
                  roles: [master]
                  env: [A=own]
                  ssh: {passwd: no}
                - ips: [10.0.0.3-10.0.0.5]
                  roles: [node, gpu]
            ---
            kind: Config
            metadata: {name: kubelet}
            spec:
              path: etc/kubelet.yml
              strategy: merge
              process: value|toJson|toBase64
              data: |
                a: b
            ---
            kind: Plugin
            metadata: {name: taints}
            spec:
              type: Taint
              action: PreGuest
              data: |
                10.0.0.3 a=b:NoSchedule
            ---
            apiVersion: kubeadm.k8s.io/v1beta2
            kind: ClusterConfiguration
            networking: {podSubnet: 10.1.0.0/16}
            """);
    assertThat(spec.name()).isEqualTo("prod");
    assertThat(spec.image()).isEqualTo("my-dashboard:v1");
    assertThat(spec.annotations()).containsExactly(Map.entry("owner", "me"));
    assertThat(spec.env())
        .containsEntry("A", List.of("1", "2"))
        .containsEntry("B", List.of("x", "y", "z"))
        .containsEntry("C", List.of("k=v"));
    assertThat(spec.commandArgs()).containsExactly(Map.entry("replicas", "3"));
    assertThat(spec.commands()).contains(List.of("kubectl apply -f a.yaml"));
    assertThat(spec.ssh().password()).contains(Secret.of("0123456"));
    assertThat(spec.ssh().passphrase()).contains(Secret.of("0777"));
    assertThat(spec.ssh().privateKey()).contains(Path.of("~/.ssh/id_rsa"));

    List<Host> hosts = spec.hosts();
    assertThat(hosts).hasSize(5);
    assertThat(hosts.get(0).env()).containsEntry("A", List.of("own"));
    assertThat(hosts.get(0).env()).containsEntry("C", List.of("k=v"));
    assertThat(hosts.get(0).ssh().password()).contains(Secret.of("no"));
    assertThat(hosts.get(0).ssh().user()).contains("ops");
    assertThat(hosts.get(0).port()).isEqualTo(2222);
    assertThat(hosts.get(1).port()).isEqualTo(23);
    assertThat(spec.workers())
        .extracting(Host::address)
        .containsExactlyElementsOf(HostAddress.parseList("10.0.0.3-10.0.0.5"));
    assertThat(hosts.get(4).roles()).containsExactly("node", "gpu");

    ConfigSpec config = spec.configs().get(0);
    assertThat(config.strategy()).isEqualTo(ConfigSpec.Strategy.MERGE);
    assertThat(config.process()).containsExactly(ConfigSpec.Step.values());
    assertThat(config.data()).isEqualTo("a: b\n");
    assertThat(spec.plugins())
        .singleElement()
        .returns("TAINT", PluginSpec::type)
        .returns(java.util.Set.of(PluginSpec.Phase.PRE_GUEST), PluginSpec::phases);
    assertThat(spec.kubeadm()).singleElement().extracting("kind").isEqualTo("ClusterConfiguration");
  }

  @Test
  void allMistakesAtOnceWithTheirPlaces() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    apiVersion: sealer.cloud/v2
                    kind: Cluster
                    metadata: {name: Prod}
                    spec:
                      image: "UPPER:x"
                      imge: x
                      env: [A=1, B]
                      ssh: {port: 99999}
                      hosts:
                        - ips: [10.0.0.300]
                          roles: [masters]
                        - roles: [node]
                    ---
                    kind: Config
                    spec: {path: ../etc/passwd, data: x, strategy: merg}
                    ---
                    kind: Plugin
                    metadata: {name: p}
                    spec:
                      type: TAINT
                      action: PreGest
                    ---
                    a: [
                    """))
        .isInstanceOfSatisfying(
            SealerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CLUSTERFILE);
              assertThat(e.diagnostics())
                  .extracting(Diagnostic::position)
                  .extracting(Object::toString)
                  .containsExactly(
                      "Clusterfile:3:18",
                      "Clusterfile:5:10",
                      "Clusterfile:7:14",
                      "Clusterfile:8:15",
                      "Clusterfile:10:13",
                      "Clusterfile:11:15",
                      "Clusterfile:12:7",
                      "Clusterfile:15:14",
                      "Clusterfile:15:48",
                      "Clusterfile:21:11",
                      "Clusterfile:24:1");
            });
  }

  @Test
  void whereFilesAreAndTheRegistryAreTheClusterfilesToSay() {
    ClusterSpec spec =
        spec(
            """
            apiVersion: sealer.io/v2
            kind: Cluster
            metadata: {name: prod}
            spec:
              image: a:v1
              dataRoot: /data/sealer
              distribution: pull=mirror.test:5000
              registry:
                localRegistry:
                  domain: hub.test
                  port: 5001
                  ip: 10.0.0.1
                  username: admin
                  password: secret
              hosts:
                - ips: [10.0.0.1]
                  roles: [master]
            """);
    assertThat(spec.dataRoot()).isEqualTo("/data/sealer");
    assertThat(spec.distribution()).contains(Distribution.pullFrom("mirror.test:5000"));
    RegistrySpec registry = spec.registry();
    assertThat(registry.domain()).contains("hub.test");
    assertThat(registry.port()).isEqualTo(5001);
    assertThat(registry.host()).contains(HostAddress.parse("10.0.0.1"));
    assertThat(registry.password()).contains(Secret.of("secret"));
    assertThat(spec.toYaml()).doesNotContain("secret").contains("username: admin");
    ClusterSpec again = spec(spec.toYaml());
    assertThat(again.toBuilder().registry(registry).build()).isEqualTo(spec);
  }

  @Test
  void wrongPlacesAreMistakes() {
    assertThatThrownBy(
            () ->
                spec(
                    """
                    apiVersion: sealer.cloud/v2
                    kind: Cluster
                    spec:
                      dataRoot: ../x
                      distribution: Send it
                      registry: {port: 70000, password: secret}
                      hosts: [{ips: [10.0.0.1], roles: [master]}]
                    """))
        .isInstanceOfSatisfying(
            SealerException.class,
            e -> {
              assertThat(e.diagnostics()).hasSize(4);
              assertThat(e.getMessage())
                  .contains("Clusterfile:4:13:", "Clusterfile:5:17:", "has no username beside it")
                  .doesNotContain("secret");
            });
  }
}
