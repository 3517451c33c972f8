package cloud.sealer.kubernetes.clusterfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ClusterfileFormat.Read;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InfraReaderTest {
  private static final String CLUSTER =
      """
      apiVersion: sealer.cloud/v2
      kind: Cluster
      metadata: {name: prod}
      spec: {image: "kubernetes:v1.20.2"}
      ---
      """;

  private static final String INFRA =
      """
      apiVersion: sealer.cloud/v2
      kind: Infra
      metadata: {name: prod}
      spec:
      """;

  private static Read read(String text) {
    return new DefaultClusterfileFormat().read(text, "Clusterfile");
  }

  private static List<String> mistakes(String text) {
    return catchThrowableOfType(SealerException.class, () -> read(text)).diagnostics().stream()
        .map(Diagnostic::toString)
        .toList();
  }

  @Test
  void machinesAreDescribedByNumberAndSize() {
    Read read =
        read(
            CLUSTER
                + INFRA
                + """
                  provider: ALI_CLOUD
                  image: debian_12
                  options: {network: 10.8.0.0/16, ssh-from: "203.0.113.7,203.0.113.8"}
                  hosts:
                    - {roles: [master], count: 3, cpu: 4, memory: 8, systemDisk: 60}
                    - {roles: [node], count: "2", memory: 512Mi, dataDisks: [100, 1Ti]}
                    - {roles: [node, gpu], count: 0}
                """);

    assertThat(read.warnings()).isEmpty();
    assertThat(read.spec().infrastructure())
        .contains(
            new InfrastructureSpec(
                "aliyun",
                List.of(
                    new MachineGroup(
                        Set.of(Host.CONTROL_PLANE), 3, 4, 8L << 30, 60L << 30, List.of()),
                    new MachineGroup(
                        Set.of(Host.WORKER), 2, 0, 512L << 20, 0, List.of(100L << 30, 1L << 40)),
                    new MachineGroup(Set.of(Host.WORKER, "gpu"), 0, 0, 0, 0, List.of())),
                "debian_12",
                Map.of("network", "10.8.0.0/16", "ssh-from", "203.0.113.7,203.0.113.8")));
    assertThat(ClusterSpec.parse(read.spec().toYaml(), "again")).isEqualTo(read.spec());
  }

  @Test
  void everyMistakeIsToldAtOnceWithItsPlace() {
    assertThat(
            mistakes(
                CLUSTER
                    + INFRA
                    + """
                      hosts:
                        - {roles: [master], count: many, memory: much}
                        - {roles: [worker], count: 1}
                        - {roles: [node], cpu: 0}
                    """))
        .containsExactly(
            "Clusterfile:11:32: spec.hosts[0].count must be a whole number of at least 0, got"
                + " \"many\"",
            "Clusterfile:11:46: spec.hosts[0].memory: \"much\" is no size; write 8 or 8Gi for 8"
                + " GiB",
            "Clusterfile:12:16: \"worker\" is no role that Kubernetes is installed by; write node",
            "Clusterfile:13:7: spec.hosts[2].count is missing; say how many machines there are to"
                + " be",
            "Clusterfile:13:28: spec.hosts[2].cpu must be a whole number of at least 1, got"
                + " \"0\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          provider: BAREMETAL                        | nobody makes machines
          hosts: [{roles: [node], count: 1}]         | must run the control plane
          hosts: [{roles: [master], count: 0}]       | must run the control plane
          hosts: []                                  | must run the control plane
          """)
  void whatCannotBeACluster(String line, String message) {
    assertThat(mistakes(CLUSTER + INFRA + "  " + line + "\n"))
        .anySatisfy(mistake -> assertThat(mistake).contains(message));
  }

  @Test
  void unknownFieldsAreTold() {
    assertThat(
            read(CLUSTER + INFRA + "  hosts: [{roles: [master], count: 1, cpus: 4}]\n  zone: b\n")
                .warnings())
        .extracting(Diagnostic::message)
        .containsExactly(
            "unknown field \"spec.hosts[0].cpus\", which is ignored",
            "unknown field \"spec.zone\", which is ignored");
  }

  @Test
  void hostsByAddressAndMachinesToBeMadeExcludeEachOther() {
    String hosts =
        CLUSTER.replace("spec: {", "spec: {hosts: [{ips: [10.0.0.1], roles: [master]}], ");
    String infra = INFRA + "  hosts: [{roles: [master], count: 1}]\n";

    assertThat(mistakes(hosts + infra)).singleElement().asString().contains("hosts by address");
    assertThat(mistakes(CLUSTER + infra + "---\n" + infra))
        .singleElement()
        .asString()
        .contains("described twice");
  }

  @Test
  void theFirstVersionSaysItWithTheHosts() {
    Read read =
        read(
            """
            apiVersion: zlink.aliyun.com/v1alpha1
            kind: Cluster
            metadata: {name: old}
            spec:
              image: kubernetes:v1.19.8
              provider: ALI_CLOUD
              masters: {cpu: 4, memory: 8, count: 3, systemDisk: 100, dataDisks: [100]}
              nodes: {cpu: 4, memory: 4, count: "2", ipList: []}
            """);

    assertThat(read.warnings()).isEmpty();
    assertThat(read.spec().annotations()).isEmpty();
    assertThat(read.spec().infrastructure())
        .contains(
            new InfrastructureSpec(
                "aliyun",
                List.of(
                    new MachineGroup(
                        Set.of(Host.CONTROL_PLANE),
                        3,
                        4,
                        8L << 30,
                        100L << 30,
                        List.of(100L << 30)),
                    new MachineGroup(Set.of(Host.WORKER), 2, 4, 4L << 30, 0, List.of())),
                "",
                Map.of()));
  }
}
