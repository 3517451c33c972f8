package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.kubeadm.JoinCredentials;
import cloud.sealer.kubernetes.kubeadm.KubeadmConfig;
import cloud.sealer.kubernetes.kubeadm.KubeadmNode;
import cloud.sealer.kubernetes.kubeadm.KubeadmSettings;
import cloud.sealer.kubernetes.kubeadm.KubernetesVersion;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlWriter;
import cloud.sealer.sdk.KubeadmDocument;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/** What kubeadm is told on the hosts of one cluster. Immutable. */
public final class ClusterConfiguration {
  /** The file of the rootfs that the image brings. */
  private static final String ETCD_WITHOUT_STORAGE =
      "{\"spec\":{\"containers\":[{\"name\":\"etcd\","
          + "\"resources\":{\"requests\":{\"ephemeral-storage\":null}}}]}}";

  private static final String FILE = "etc/kubeadm.yml";

  /** The registry that images name in it, whatever the registry is called in the end. */
  private static final String DEFAULT_REGISTRY = "sea.hub:5000";

  private final KubernetesVersion version;
  private final List<HostView> controlPlanes;
  private final List<KubeadmDocument> documents;
  private final String registry;
  private final boolean dns;
  private final String auditPolicy;
  private final JoinToken token;

  /**
   * The configuration.
   *
   * @param version the version of Kubernetes that the image has
   * @param controlPlanes the hosts of the control plane, the initial one first
   * @param documents the documents of the Clusterfile
   * @param registry the cluster's registry, such as {@code sea.hub:5000}
   * @param dns whether the image brings CoreDNS
   * @param auditPolicy the text of {@code statics/audit-policy.yml}; empty for none
   * @param clock tells when tokens end
   * @param random makes tokens
   */
  public ClusterConfiguration(
      KubernetesVersion version,
      List<HostView> controlPlanes,
      List<KubeadmDocument> documents,
      String registry,
      boolean dns,
      String auditPolicy,
      Clock clock,
      SecureRandom random) {
    this.version = version;
    this.controlPlanes = List.copyOf(controlPlanes);
    this.documents = List.copyOf(documents);
    this.registry = registry;
    this.dns = dns;
    this.auditPolicy = auditPolicy;
    this.token = new JoinToken(clock, random);
  }

  /**
   * The shell text that begins a call of kubeadm which makes a member of etcd. A kubelet that has
   * just started knows of no space on its disk yet, refuses etcd because of the little it asks for,
   * and does not ask again; so etcd asks for none. Since Kubernetes 1.22 the kubelet waits.
   *
   * @param subcommand {@code init} or {@code join}
   */
  String kubeadm(String subcommand) {
    if (!version.isAtLeast(1, 19) || version.isAtLeast(1, 22)) {
      return "kubeadm " + subcommand;
    }
    return "mkdir -p \"$PATCHES\" && echo '"
        + ETCD_WITHOUT_STORAGE
        + "' >\"$PATCHES/etcd+strategic.json\" && kubeadm "
        + subcommand
        + " --experimental-patches \"$PATCHES\"";
  }

  /** Where the text of {@link #kubeadm} keeps its files: in our own directory on the host. */
  static String patches(StepContext context) {
    return context.paths().state() + "/patches";
  }

  /** What kubeadm must leave out, as arguments. */
  String arguments(HostRuntime runtime) {
    String ignored = runtime.container() ? "all" : "SystemVerification" + (dns ? "" : ",ImagePull");
    // Without its image CoreDNS would never become ready; pulling it is no condition either.
    return " --ignore-preflight-errors=" + ignored + (dns ? "" : " --skip-phases=addon/coredns");
  }

  /**
   * Puts the files where the API server will look for them, after kubeadm cleared its directory.
   */
  void staticFiles(StepContext context) {
    if (!auditPolicy.isEmpty()) {
      context.journal().write(StaticFiles.TARGET, 0600, auditPolicy);
    }
  }

  private KubeadmConfig config(StepContext context, HostRuntime runtime) {
    KubeadmConfig config =
        KubeadmConfig.of(
            KubeadmSettings.builder(
                    version, controlPlanes.stream().map(ApiEndpoint::address).toList())
                .documents(documents)
                .imageDocuments(imageDocuments(context))
                .imageRepository(registry)
                .cgroupDriver(runtime.cgroupDriver())
                .auditPolicy(!auditPolicy.isEmpty())
                .build());
    config.notices().forEach(context.task()::notice);
    return config;
  }

  private String imageDocuments(StepContext context) {
    String path = context.paths().rootfs() + "/" + FILE;
    if (!context.session().exec(HostCommand.of("test -f " + path), HostOutput.NONE).ok()) {
      return "";
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    context.session().download(path, bytes);
    return bytes.toString(StandardCharsets.UTF_8).replace(DEFAULT_REGISTRY, registry);
  }

  private static KubeadmNode node(HostRuntime runtime, HostView view) {
    return new KubeadmNode(runtime.name(), ApiEndpoint.address(view), runtime.socket());
  }

  /** The documents for the initial host of the control plane; a secret. */
  String init(StepContext context, HostRuntime runtime) {
    return config(context, runtime)
        .initYaml(
            node(runtime, context.view()),
            token.token(context.shared()),
            token.certificateKey(context.shared()));
  }

  /** What lets the control plane share its certificates with hosts that join it; a secret. */
  String shareCertificates(StepContext context) {
    Mapping init =
        Mapping.EMPTY
            .with(
                "apiVersion",
                Scalar.text(
                    version.isAtLeast(1, 22) ? "kubeadm.k8s.io/v1beta3" : "kubeadm.k8s.io/v1beta2"))
            .with("kind", Scalar.text("InitConfiguration"))
            .with("certificateKey", Scalar.text(token.certificateKey(context.shared()).reveal()));
    // Without a version kubeadm would ask the network for the newest.
    Mapping cluster =
        Mapping.EMPTY
            .with("apiVersion", Scalar.text(init.text("apiVersion")))
            .with("kind", Scalar.text("ClusterConfiguration"))
            .with("kubernetesVersion", Scalar.text(version.toString()));
    return new YamlWriter().writeAll(List.of(init, cluster));
  }

  /** The document for a host that joins; a secret. */
  String join(StepContext context, HostRuntime runtime, HostSession controlPlane) {
    KubeadmConfig config = config(context, runtime);
    token.announce(context.shared(), controlPlane);
    boolean joinsControlPlane = context.view().host().controlPlane();
    JoinCredentials credentials =
        new JoinCredentials(
            token.token(context.shared()),
            JoinToken.authorityHash(context.shared(), controlPlane),
            joinsControlPlane ? token.certificateKey(context.shared()) : null);
    KubeadmNode node = node(runtime, context.view());
    return joinsControlPlane
        ? config.joinControlPlaneYaml(node, config.apiEndpoint(), credentials)
        : config.joinWorkerYaml(node, config.apiEndpoint(), credentials);
  }

  /** Writes a file that only root may read, for as long as something needs it. */
  static void withFile(HostSession session, String path, String text, Runnable work) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    session.upload(path, 0600, () -> new ByteArrayInputStream(bytes));
    try {
      work.run();
    } finally {
      session.exec(
          HostCommand.builder("rm -f \"$FILE\"")
              .title("remove " + path)
              .environment("FILE", path)
              .build(),
          HostOutput.NONE);
    }
  }
}
