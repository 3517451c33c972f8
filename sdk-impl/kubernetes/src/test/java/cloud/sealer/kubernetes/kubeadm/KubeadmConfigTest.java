package cloud.sealer.kubernetes.kubeadm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.kubernetes.yaml.YamlException;
import cloud.sealer.kubernetes.yaml.YamlJson;
import cloud.sealer.kubernetes.yaml.YamlReader;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.KubeadmDocument;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeadmConfigTest {
  private static final Secret TOKEN = Secret.of("abcdef.0123456789abcdef");
  private static final Secret KEY = Secret.of("ab".repeat(32));
  private static final KubeadmNode NODE =
      new KubeadmNode("cp0", "10.0.0.1", "/var/run/dockershim.sock");
  private static final JoinCredentials CREDENTIALS =
      new JoinCredentials(TOKEN, "sha256:" + "cd".repeat(32), KEY);

  private static KubeadmConfig config(
      String version, UnaryOperator<KubeadmSettings.Builder> settings) {
    return KubeadmConfig.of(
        settings
            .apply(
                KubeadmSettings.builder(
                    KubernetesVersion.parse(version), List.of("10.0.0.1", "10.0.0.2")))
            .build());
  }

  private static List<KubeadmDocument> documents(String... texts) {
    List<KubeadmDocument> documents = new ArrayList<>();
    for (String text : texts) {
      documents.add(new KubeadmDocument(text.lines().findFirst().orElseThrow().substring(6), text));
    }
    return documents;
  }

  /** The document of a kind, as JSON; slashes lead to what is in it. */
  private static JsonNode at(String yaml, String kind, String path) throws YamlException {
    for (var document : YamlReader.readAll(yaml)) {
      JsonNode json = YamlJson.toJson(document);
      if (json.path("kind").asText().equals(kind)) {
        return json.at(path);
      }
    }
    throw new AssertionError("no " + kind + " in\n" + yaml);
  }

  @ParameterizedTest
  @CsvSource({
    "v1.14.9, v1beta1", "v1.15.0, v1beta2", "v1.20.2, v1beta2", "v1.21.9, v1beta2",
    "v1.22.0, v1beta3", "v1.30.4, v1beta3", "v1.31.0, v1beta4", "v1.100.0, v1beta4"
  })
  void theApiVersionFollowsTheVersion(String version, String api) throws YamlException {
    String yaml = config(version, settings -> settings).initYaml(NODE, TOKEN, KEY);
    assertThat(at(yaml, "InitConfiguration", "/apiVersion").asText())
        .isEqualTo("kubeadm.k8s.io/" + api);
    assertThat(at(yaml, "ClusterConfiguration", "/apiVersion").asText())
        .isEqualTo("kubeadm.k8s.io/" + api);
    assertThat(at(yaml, "KubeletConfiguration", "/apiVersion").asText())
        .isEqualTo("kubelet.config.k8s.io/v1beta1");
    assertThat(at(yaml, "KubeProxyConfiguration", "/apiVersion").asText())
        .isEqualTo("kubeproxy.config.k8s.io/v1alpha1");
  }

  @Test
  void theTextForInitOfTheBaseImage() {
    String yaml =
        config("v1.20.2", settings -> settings.imageRepository("sea.hub:5000/library"))
            .initYaml(NODE, TOKEN, KEY);
    assertThat(yaml)
        .isEqualTo(
            """
            apiVersion: kubeadm.k8s.io/v1beta2
            kind: InitConfiguration
            bootstrapTokens:
              - token: abcdef.0123456789abcdef
                ttl: "2h0m0s"
                usages:
                  - signing
                  - authentication
                groups:
                  - "system:bootstrappers:kubeadm:default-node-token"
            certificateKey: %s
            localAPIEndpoint:
              bindPort: 6443
              advertiseAddress: "10.0.0.1"
            nodeRegistration:
              name: cp0
              criSocket: /var/run/dockershim.sock
              kubeletExtraArgs:
                node-ip: "10.0.0.1"
            ---
            apiVersion: kubeadm.k8s.io/v1beta2
            kind: ClusterConfiguration
            networking:
              podSubnet: "100.64.0.0/10"
              serviceSubnet: "10.96.0.0/22"
              dnsDomain: cluster.local
            imageRepository: "sea.hub:5000/library"
            apiServer:
              extraArgs:
                enable-aggregator-routing: "true"
                feature-gates: "TTLAfterFinished=true,EphemeralContainers=true"
              certSANs:
                - "127.0.0.1"
                - apiserver.cluster.local
                - "10.103.97.2"
                - "10.0.0.1"
                - "10.0.0.2"
            controllerManager:
              extraArgs:
                feature-gates: "TTLAfterFinished=true,EphemeralContainers=true"
            scheduler:
              extraArgs:
                feature-gates: "TTLAfterFinished=true,EphemeralContainers=true"
            kubernetesVersion: v1.20.2
            controlPlaneEndpoint: "apiserver.cluster.local:6443"
            ---
            apiVersion: kubelet.config.k8s.io/v1beta1
            kind: KubeletConfiguration
            cgroupDriver: systemd
            ---
            apiVersion: kubeproxy.config.k8s.io/v1alpha1
            kind: KubeProxyConfiguration
            mode: iptables
            """
                .formatted(KEY.reveal()));
  }

  @Test
  void strongerSettingsWinAndWeakerFill() throws YamlException {
    KubeadmConfig config =
        config(
            "v1.20.2",
            settings ->
                settings
                    .documents(
                        documents(
                            """
                            kind: ClusterConfiguration
                            networking: {podSubnet: 10.1.0.0/16}
                            apiServer:
                              extraArgs: {v: 4, a: user}
                              certSANs: [example.com, 10.0.0.1]
                            """,
                            """
                            kind: KubeadmConfig
                            spec:
                              networking: {podSubnet: 10.2.0.0/16, serviceSubnet: 10.3.0.0/16}
                              apiServer: {certSANs: [second.example.com]}
                              mode: ipvs
                              maxPods: 42
                              nodeRegistration: {taints: []}
                            """))
                    .imageDocuments(
                        """
                        kind: ClusterConfiguration
                        imageRepository: image.example.com/x
                        networking: {dnsDomain: image.local}
                        apiServer:
                          extraArgs: {a: image, b: image}
                          certSANs: [image.example.com, example.com]
                        ---
                        kind: InitConfiguration
                        localAPIEndpoint: {bindPort: 7443, advertiseAddress: 1.2.3.4}
                        nodeRegistration: {taints: [{key: x, effect: NoSchedule}]}
                        ---
                        kind: KubeProxyConfiguration
                        mode: iptables
                        ipvs: {excludeCIDRs: [10.9.0.0/16]}
                        ---
                        kind: Other
                        """)
                    .imageRepository("weak.example.com"));
    assertThat(config.podSubnet()).isEqualTo("10.1.0.0/16");
    assertThat(config.serviceSubnet()).isEqualTo("10.3.0.0/16");
    assertThat(config.dnsDomain()).isEqualTo("image.local");
    assertThat(config.imageRepository()).isEqualTo("image.example.com/x");
    assertThat(config.apiEndpoint()).isEqualTo("apiserver.cluster.local:7443");
    assertThat(config.certSans())
        .containsExactly(
            "127.0.0.1",
            "apiserver.cluster.local",
            "10.103.97.2",
            "10.0.0.1",
            "10.0.0.2",
            "example.com",
            "second.example.com",
            "image.example.com");
    String yaml = config.initYaml(NODE, TOKEN, KEY);
    JsonNode arguments = at(yaml, "ClusterConfiguration", "/apiServer/extraArgs");
    assertThat(arguments.get("v").isTextual()).isTrue();
    assertThat(arguments.get("a").asText()).isEqualTo("user");
    assertThat(arguments.get("b").asText()).isEqualTo("image");
    assertThat(at(yaml, "InitConfiguration", "/nodeRegistration/taints")).isEmpty();
    assertThat(at(yaml, "InitConfiguration", "/localAPIEndpoint/advertiseAddress").asText())
        .isEqualTo("10.0.0.1");
    assertThat(at(yaml, "KubeletConfiguration", "/maxPods").asInt()).isEqualTo(42);
    assertThat(at(yaml, "KubeProxyConfiguration", "/ipvs/excludeCIDRs"))
        .hasToString("[\"10.9.0.0/16\",\"10.103.97.2/32\"]");
  }

  @Test
  void whatTheRunDecidesWinsAndIsTold() throws YamlException {
    KubeadmConfig config =
        config(
            "v1.20.2",
            settings ->
                settings
                    .cgroupDriver("cgroupfs")
                    .documents(
                        documents(
                            "kind: ClusterConfiguration\nkubernetesVersion: v1.19.8\n",
                            "kind: KubeletConfiguration\ncgroupDriver: systemd\n")));
    assertThat(config.notices())
        .containsExactly(
            "kubernetesVersion v1.19.8 of the cluster configuration gives way to v1.20.2",
            "cgroupDriver systemd of the kubelet configuration gives way to cgroupfs");
    String yaml = config.initYaml(NODE, TOKEN, KEY);
    assertThat(at(yaml, "KubeletConfiguration", "/cgroupDriver").asText()).isEqualTo("cgroupfs");
  }

  @Test
  void formsOfOlderDocumentsAreConverted() throws YamlException {
    UnaryOperator<KubeadmSettings.Builder> old =
        settings ->
            settings.documents(
                documents(
                    """
                    kind: ClusterConfiguration
                    useHyperKubeImage: true
                    dns: {type: CoreDNS}
                    apiServer: {timeoutForControlPlane: 4m0s, extraArgs: {a: "1"}}
                    etcd: {local: {extraArgs: {b: "2"}}}
                    """));
    String v4 = config("v1.31.0", old).initYaml(NODE, TOKEN, KEY);
    assertThat(at(v4, "ClusterConfiguration", "/apiServer/extraArgs").get(0))
        .hasToString("{\"name\":\"a\",\"value\":\"1\"}");
    assertThat(at(v4, "ClusterConfiguration", "/etcd/local/extraArgs"))
        .hasToString("[{\"name\":\"b\",\"value\":\"2\"}]");
    assertThat(at(v4, "InitConfiguration", "/nodeRegistration/kubeletExtraArgs"))
        .hasToString("[{\"name\":\"node-ip\",\"value\":\"10.0.0.1\"}]");
    assertThat(v4)
        .doesNotContain("useHyperKubeImage", "CoreDNS", "timeoutForControlPlane", "feature-gates");

    String v2 =
        config(
                "v1.20.2",
                settings ->
                    settings.documents(
                        documents(
                            """
                            kind: ClusterConfiguration
                            apiServer: {extraArgs: [{name: a, value: 1}]}
                            """)))
            .initYaml(NODE, TOKEN, KEY);
    assertThat(at(v2, "ClusterConfiguration", "/apiServer/extraArgs/a").isTextual()).isTrue();
  }

  @Test
  void joinTexts() throws YamlException {
    KubeadmConfig config = config("v1.20.2", settings -> settings);
    KubeadmNode node = new KubeadmNode("", "10.0.0.2", "/run/containerd/containerd.sock");
    String controlPlane = config.joinControlPlaneYaml(node, config.apiEndpoint(), CREDENTIALS);
    assertThat(at(controlPlane, "JoinConfiguration", "/controlPlane"))
        .hasToString(
            "{\"localAPIEndpoint\":{\"advertiseAddress\":\"10.0.0.2\",\"bindPort\":6443},"
                + "\"certificateKey\":\""
                + KEY.reveal()
                + "\"}");
    String worker = config.joinWorkerYaml(node, "127.0.0.1:6443", CREDENTIALS);
    assertThat(worker)
        .isEqualTo(
            """
            apiVersion: kubeadm.k8s.io/v1beta2
            kind: JoinConfiguration
            caCertPath: /etc/kubernetes/pki/ca.crt
            discovery:
              timeout: "5m0s"
              bootstrapToken:
                apiServerEndpoint: "127.0.0.1:6443"
                token: abcdef.0123456789abcdef
                caCertHashes:
                  - "sha256:%s"
            nodeRegistration:
              criSocket: /run/containerd/containerd.sock
              kubeletExtraArgs:
                node-ip: "10.0.0.2"
            """
                .formatted("cd".repeat(32)));
    String v4 = config("v1.31.0", settings -> settings).joinWorkerYaml(node, "a:1", CREDENTIALS);
    assertThat(at(v4, "JoinConfiguration", "/nodeRegistration/criSocket").asText())
        .isEqualTo("unix:///run/containerd/containerd.sock");
    assertThat(at(v4, "JoinConfiguration", "/timeouts/discovery").asText()).isEqualTo("5m0s");
    assertThat(at(v4, "JoinConfiguration", "/discovery/timeout").isMissingNode()).isTrue();
    assertThatThrownBy(
            () ->
                config.joinControlPlaneYaml(
                    node, "a:1", new JoinCredentials(TOKEN, "sha256:x", null)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theAuditLogHasItsVolumesWhateverOthersThereAre() throws YamlException {
    String yaml =
        config(
                "v1.20.2",
                settings ->
                    settings
                        .auditPolicy(true)
                        .documents(
                            documents(
                                """
                                kind: ClusterConfiguration
                                apiServer:
                                  extraVolumes:
                                    - {name: logs, hostPath: /x, mountPath: /var/log}
                                """)))
            .initYaml(NODE, TOKEN, KEY);
    assertThat(at(yaml, "ClusterConfiguration", "/apiServer/extraVolumes").findValuesAsText("name"))
        .containsExactly("logs", "audit-policy");
    assertThat(config("v1.20.2", settings -> settings).initYaml(NODE, TOKEN, KEY))
        .doesNotContain("audit");
  }

  @ParameterizedTest
  @CsvSource({
    "v1.18.0, experimental-cluster-signing-duration",
    "v1.20.2, cluster-signing-duration"
  })
  void aLifetimeOfCertificatesIsPassedOn(String version, String argument) throws YamlException {
    String yaml =
        config(version, settings -> settings.certificateLifetime(Duration.ofDays(730)))
            .initYaml(NODE, TOKEN, KEY);
    assertThat(
            at(yaml, "ClusterConfiguration", "/controllerManager/extraArgs/" + argument).asText())
        .isEqualTo("17520h0m0s");
    assertThat(yaml).doesNotContain("certificateValidityPeriod");
    assertThat(
            config("v1.31.0", settings -> settings.certificateLifetime(Duration.ofDays(730)))
                .initYaml(NODE, TOKEN, KEY))
        .contains("certificateValidityPeriod: \"17520h0m0s\"");
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(
            () -> config("v1.20.2", settings -> settings.imageDocuments("kind: x\n---\na: [\n")))
        .isInstanceOf(SealerException.class)
        .hasMessageStartingWith("etc/kubeadm.yml:4:1: the document is not YAML")
        .extracting("code")
        .isEqualTo(ErrorCode.INVALID_CLUSTERFILE);
    assertThat(new JoinCredentials(TOKEN, "x", KEY).toString()).doesNotContain("abcdef");
  }
}
