package cloud.sealer.kubernetes.clusterfile;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostGroup;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.spi.ClusterfileFormat.Read;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterV1Test {
  private static final DefaultClusterfileFormat FORMAT = new DefaultClusterfileFormat();

  @ParameterizedTest
  @ValueSource(strings = {"zlink.aliyun.com/v1alpha1", "sealer.aliyun.com/v1alpha1"})
  void nothingIsLost(String version) {
    Read read =
        FORMAT.read(
            """
            apiVersion: %s
            kind: Cluster
            metadata: {name: old}
            spec:
              image: kubernetes:v1.19.8
              env: [A=1]
              provider: ALI_CLOUD
              ssh: {passwd: Seadent123, user: root}
              network: {podCIDR: 10.1.0.0/16, svcCIDR: 10.2.0.0/16}
              certSANS: [a.example.com, 10.3.0.1]
              masters:
                cpu: 4
                memory: 8
                count: 1
                systemDisk: 100
                dataDisks: [100, 200]
                ipList: [10.0.0.1]
              nodes: {count: "2", ipList: [10.0.0.2, 10.0.0.3]}
            """
                .formatted(version),
            "Clusterfile");
    ClusterSpec spec = read.spec();
    assertThat(spec.groups())
        .containsExactly(
            HostGroup.of(HostAddress.parseList("10.0.0.1"), "master"),
            HostGroup.of(HostAddress.parseList("10.0.0.2-10.0.0.3"), "node"));
    assertThat(spec.ssh().password()).contains(Secret.of("Seadent123"));
    assertThat(spec.env()).isEqualTo(Map.of("A", List.of("1")));
    assertThat(spec.annotations())
        .containsExactly(
            Map.entry("v1.sealer.cloud/provider", "ALI_CLOUD"),
            Map.entry("v1.sealer.cloud/masters.cpu", "4"),
            Map.entry("v1.sealer.cloud/masters.memory", "8"),
            Map.entry("v1.sealer.cloud/masters.count", "1"),
            Map.entry("v1.sealer.cloud/masters.systemDisk", "100"),
            Map.entry("v1.sealer.cloud/masters.dataDisks", "100,200"),
            Map.entry("v1.sealer.cloud/nodes.count", "2"));
    assertThat(read.warnings())
        .hasSize(7)
        .first()
        .extracting(Diagnostic::toString)
        .isEqualTo(
            "Clusterfile:7:3: warning: spec.provider is about machines to be made, but these are"
                + " there already; it is kept as the annotation v1.sealer.cloud/provider");
    assertThat(spec.kubeadm())
        .singleElement()
        .extracting("yaml")
        .isEqualTo(
            """
            apiVersion: kubeadm.k8s.io/v1beta2
            kind: ClusterConfiguration
            networking:
              podSubnet: "10.1.0.0/16"
              serviceSubnet: "10.2.0.0/16"
            apiServer:
              certSANs:
                - a.example.com
                - "10.3.0.1"
            """);
  }
}
