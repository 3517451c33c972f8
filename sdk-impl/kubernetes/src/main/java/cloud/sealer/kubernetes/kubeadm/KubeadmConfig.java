package cloud.sealer.kubernetes.kubeadm;

import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlNode.Sequence;
import cloud.sealer.kubernetes.yaml.YamlWriter;
import cloud.sealer.sdk.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The configuration of kubeadm for one cluster: what {@code kubeadm init} and {@code kubeadm join}
 * read on each node. Immutable. The texts hold secrets if they were made with some.
 */
public final class KubeadmConfig {
  private static final String TOKEN_LIFETIME = "2h0m0s";

  private final Mapping init;
  private final Mapping cluster;
  private final Mapping kubelet;
  private final Mapping proxy;
  private final Mapping join;
  private final KubeadmForm form;
  private final List<String> notices = new ArrayList<>();

  private KubeadmConfig(KubeadmSettings settings) {
    form = new KubeadmForm(settings.version);
    KubeadmSources sources = new KubeadmSources();
    sources.add(settings.documents);
    sources.add("etc/kubeadm.yml", settings.imageDocuments);
    new KubeadmDefaults(settings).addTo(sources);
    init = sources.of(KubeadmKind.INIT);
    join = sources.of(KubeadmKind.JOIN);
    cluster = cluster(settings, sources);
    kubelet =
        set(sources.of(KubeadmKind.KUBELET), "cgroupDriver", settings.cgroupDriver, "kubelet");
    proxy = proxy(sources.of(KubeadmKind.PROXY));
  }

  /**
   * Brings all settings together.
   *
   * @param settings who wants what
   * @throws cloud.sealer.sdk.SealerException with {@link
   *     cloud.sealer.sdk.ErrorCode#INVALID_CLUSTERFILE} if a document is not one
   */
  public static KubeadmConfig of(KubeadmSettings settings) {
    return new KubeadmConfig(settings);
  }

  private Mapping cluster(KubeadmSettings settings, KubeadmSources sources) {
    Mapping merged = KubeadmDefaults.withAuditVolumes(sources.of(KubeadmKind.CLUSTER));
    merged = set(merged, "kubernetesVersion", settings.version.toString(), "cluster");
    merged = set(merged, "controlPlaneEndpoint", apiEndpoint(), "cluster");
    List<String> own =
        new ArrayList<>(
            List.of("127.0.0.1", KubeadmSettings.API_DOMAIN, KubeadmSettings.VIRTUAL_IP));
    own.addAll(settings.controlPlanes);
    own.addAll(settings.certSans);
    Sequence names = KubeadmSources.union(Sequence.texts(own).items(), sources.certSans());
    return merged.change("apiServer", server -> server.with("certSANs", names));
  }

  /** Only in the mode of IPVS do rules that are not kube-proxy's own need protection from it. */
  private static Mapping proxy(Mapping merged) {
    if (!merged.text("mode").equals("ipvs")) {
      return merged;
    }
    Mapping ipvs = merged.mapping("ipvs");
    List<YamlNode> given =
        ipvs.get("excludeCIDRs") instanceof Sequence sequence ? sequence.items() : List.of();
    List<Scalar> own = List.of(Scalar.text(KubeadmSettings.VIRTUAL_IP + "/32"));
    return merged.with("ipvs", ipvs.with("excludeCIDRs", KubeadmSources.union(given, own)));
  }

  private Mapping set(Mapping mapping, String key, String value, String what) {
    String before = mapping.text(key);
    if (!before.isEmpty() && !before.equals(value)) {
      notices.add(key + " " + before + " of the " + what + " configuration gives way to " + value);
    }
    return mapping.with(key, Scalar.text(value));
  }

  /**
   * Settings of documents that the run cannot follow.
   *
   * @return one sentence for each
   */
  public List<String> notices() {
    return List.copyOf(notices);
  }

  /** The port of the API servers. */
  public int apiPort() {
    try {
      return Integer.parseInt(init.mapping("localAPIEndpoint").text("bindPort"));
    } catch (NumberFormatException e) {
      return KubeadmDefaults.BIND_PORT;
    }
  }

  /** Where nodes find the API server: a name, which each resolves its own way, and the port. */
  public String apiEndpoint() {
    return KubeadmSettings.API_DOMAIN + ":" + apiPort();
  }

  /** The addresses of pods: one network in CIDR notation, or two with a comma between. */
  public String podSubnet() {
    return cluster.mapping("networking").text("podSubnet");
  }

  /** The addresses of services: one network in CIDR notation, or two with a comma between. */
  public String serviceSubnet() {
    return cluster.mapping("networking").text("serviceSubnet");
  }

  /** The domain of services. */
  public String dnsDomain() {
    return cluster.mapping("networking").text("dnsDomain");
  }

  /** Where images are pulled from; empty for kubeadm's own default. */
  public String imageRepository() {
    return cluster.text("imageRepository");
  }

  /** The mode of kube-proxy. */
  public String proxyMode() {
    return proxy.text("mode");
  }

  /**
   * The names and addresses for which the API server's certificate is made, beside kubeadm's own.
   */
  public List<String> certSans() {
    List<String> names = new ArrayList<>();
    if (cluster.mapping("apiServer").get("certSANs") instanceof Sequence sequence) {
      sequence.items().forEach(name -> names.add(((Scalar) name).text()));
    }
    return names;
  }

  /**
   * The documents that {@code kubeadm init --config FILE --upload-certs} reads.
   *
   * @param node the initial control plane
   * @param token the bootstrap token that other nodes will show
   * @param certificateKey encrypts the certificates that other control planes will fetch: 32 bytes
   *     in hexadecimal digits. Before Kubernetes 1.15 it cannot be chosen, and is left out
   * @return four YAML documents
   */
  public String initYaml(KubeadmNode node, Secret token, Secret certificateKey) {
    Map<String, YamlNode> bootstrap = new LinkedHashMap<>();
    bootstrap.put("token", Scalar.text(token.reveal()));
    bootstrap.put("ttl", Scalar.text(TOKEN_LIFETIME));
    bootstrap.put("usages", Sequence.texts(List.of("signing", "authentication")));
    bootstrap.put(
        "groups", Sequence.texts(List.of("system:bootstrappers:kubeadm:default-node-token")));
    Mapping own = Mapping.EMPTY.with("bootstrapTokens", tokens(Mapping.of(bootstrap)));
    if (form.hasCertificateKey()) {
      own = own.with("certificateKey", Scalar.text(certificateKey.reveal()));
    }
    Mapping document =
        KubeadmSources.fill(own, init)
            .change("localAPIEndpoint", endpoint(node.address()))
            .change("nodeRegistration", registration(node));
    return write(
        Map.entry(KubeadmKind.INIT, document),
        Map.entry(KubeadmKind.CLUSTER, cluster),
        Map.entry(KubeadmKind.KUBELET, kubelet),
        Map.entry(KubeadmKind.PROXY, proxy));
  }

  /** The run's token, and whatever tokens the documents want for other uses. */
  private Sequence tokens(Mapping own) {
    List<YamlNode> tokens = new ArrayList<>(List.of(own));
    if (init.get("bootstrapTokens") instanceof Sequence given) {
      tokens.addAll(given.items());
    }
    return new Sequence(tokens, Place.NONE);
  }

  /**
   * The document that {@code kubeadm join --config FILE} reads on another control plane.
   *
   * @param node the node
   * @param endpoint where it finds the API server, such as {@link #apiEndpoint}
   * @param credentials what it shows; with the key of the certificates
   * @return one YAML document
   */
  public String joinControlPlaneYaml(
      KubeadmNode node, String endpoint, JoinCredentials credentials) {
    Secret key =
        credentials
            .certificateKey()
            .orElseThrow(
                () -> new IllegalArgumentException("a control plane needs the certificate key"));
    Mapping controlPlane =
        join.mapping("controlPlane").change("localAPIEndpoint", endpoint(node.address()));
    if (form.hasCertificateKey()) {
      controlPlane = controlPlane.with("certificateKey", Scalar.text(key.reveal()));
    }
    return write(
        Map.entry(
            KubeadmKind.JOIN,
            joining(node, endpoint, credentials).with("controlPlane", controlPlane)));
  }

  /**
   * The document that {@code kubeadm join --config FILE} reads on a worker.
   *
   * @param node the node
   * @param endpoint where it finds the API server, such as {@link #apiEndpoint}
   * @param credentials what it shows
   * @return one YAML document
   */
  public String joinWorkerYaml(KubeadmNode node, String endpoint, JoinCredentials credentials) {
    return write(
        Map.entry(KubeadmKind.JOIN, joining(node, endpoint, credentials).without("controlPlane")));
  }

  private Mapping joining(KubeadmNode node, String endpoint, JoinCredentials credentials) {
    Map<String, YamlNode> token = new LinkedHashMap<>();
    token.put("apiServerEndpoint", Scalar.text(endpoint));
    token.put("token", Scalar.text(credentials.token().reveal()));
    token.put("caCertHashes", Sequence.texts(List.of(credentials.caCertHash())));
    return join.change(
            "discovery",
            discovery ->
                discovery
                    .without("file")
                    .without("tlsBootstrapToken")
                    .with("bootstrapToken", Mapping.of(token)))
        .change("nodeRegistration", registration(node));
  }

  private UnaryOperator<Mapping> endpoint(String address) {
    return given ->
        given
            .with("advertiseAddress", Scalar.text(address))
            .with("bindPort", Scalar.number(apiPort()));
  }

  private UnaryOperator<Mapping> registration(KubeadmNode node) {
    return given -> {
      Mapping registration = given;
      if (!node.name().isEmpty()) {
        registration = registration.with("name", Scalar.text(node.name()));
      }
      return registration
          .with("criSocket", Scalar.text(form.socket(node.criSocket())))
          .change(
              "kubeletExtraArgs",
              arguments ->
                  KubeadmSources.fill(
                      arguments, Mapping.of(Map.of("node-ip", Scalar.text(node.address())))));
    };
  }

  @SafeVarargs
  private String write(Map.Entry<KubeadmKind, Mapping>... documents) {
    List<Mapping> all = new ArrayList<>();
    for (Map.Entry<KubeadmKind, Mapping> document : documents) {
      all.add(form.document(document.getKey(), document.getValue()));
    }
    return new YamlWriter().writeAll(all);
  }
}
