package cloud.sealer.kubernetes.kubeadm;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The kinds of documents that kubeadm reads. */
enum KubeadmKind {
  INIT(
      "InitConfiguration",
      "bootstrapTokens",
      "nodeRegistration",
      "localAPIEndpoint",
      "certificateKey",
      "skipPhases",
      "patches",
      "timeouts"),
  CLUSTER(
      "ClusterConfiguration",
      "etcd",
      "networking",
      "kubernetesVersion",
      "controlPlaneEndpoint",
      "apiServer",
      "controllerManager",
      "scheduler",
      "dns",
      "proxy",
      "certificatesDir",
      "imageRepository",
      "useHyperKubeImage",
      "featureGates",
      "clusterName",
      "encryptionAlgorithm",
      "certificateValidityPeriod",
      "caCertificateValidityPeriod"),
  JOIN(
      "JoinConfiguration",
      "nodeRegistration",
      "caCertPath",
      "discovery",
      "controlPlane",
      "skipPhases",
      "patches",
      "timeouts"),
  PROXY(
      "KubeProxyConfiguration",
      "bindAddress",
      "healthzBindAddress",
      "metricsBindAddress",
      "bindAddressHardFail",
      "clientConnection",
      "clusterCIDR",
      "configSyncPeriod",
      "conntrack",
      "detectLocal",
      "detectLocalMode",
      "hostnameOverride",
      "iptables",
      "ipvs",
      "mode",
      "nftables",
      "nodePortAddresses",
      "portRange",
      "udpIdleTimeout",
      "winkernel"),
  /** Last: a field that no other kind has is one of the kubelet. */
  KUBELET("KubeletConfiguration");

  private final String text;
  private final Set<String> fields;

  KubeadmKind(String text, String... fields) {
    this.text = text;
    this.fields = Set.of(fields);
  }

  /** The name of the kind. */
  String text() {
    return text;
  }

  static Optional<KubeadmKind> of(String text) {
    return Arrays.stream(values()).filter(kind -> kind.text.equals(text)).findFirst();
  }

  /** The kinds that have a field of the document {@code KubeadmConfig}, which mixes them all. */
  static List<KubeadmKind> having(String field) {
    List<KubeadmKind> kinds =
        Arrays.stream(values()).filter(kind -> kind.fields.contains(field)).toList();
    return kinds.isEmpty() ? List.of(KUBELET) : kinds;
  }
}
