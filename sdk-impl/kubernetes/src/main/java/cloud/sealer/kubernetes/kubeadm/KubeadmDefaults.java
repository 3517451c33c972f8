package cloud.sealer.kubernetes.kubeadm;

import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlNode.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The weakest settings: what differs from kubeadm's own defaults. */
final class KubeadmDefaults {
  static final String POD_SUBNET = "100.64.0.0/10";
  static final String SERVICE_SUBNET = "10.96.0.0/22";
  static final String DNS_DOMAIN = "cluster.local";
  static final int BIND_PORT = 6443;
  static final String CA_FILE = "/etc/kubernetes/pki/ca.crt";

  private static final String AUDIT_POLICY = "/etc/kubernetes/audit-policy.yml";
  private static final String LOG_DIRECTORY = "/var/log/kubernetes";

  private final KubeadmSettings settings;

  KubeadmDefaults(KubeadmSettings settings) {
    this.settings = settings;
  }

  void addTo(KubeadmSources sources) {
    sources.add(
        KubeadmKind.INIT,
        Mapping.of(
            Map.of("localAPIEndpoint", Mapping.of(Map.of("bindPort", Scalar.number(BIND_PORT))))));
    sources.add(KubeadmKind.CLUSTER, cluster());
    sources.add(KubeadmKind.PROXY, Mapping.of(Map.of("mode", Scalar.text(settings.proxyMode))));
    sources.add(
        KubeadmKind.JOIN,
        Mapping.EMPTY
            .with("caCertPath", Scalar.text(CA_FILE))
            .change("discovery", discovery -> discovery.with("timeout", Scalar.text("5m0s"))));
  }

  private Mapping cluster() {
    Map<String, YamlNode> networking = new LinkedHashMap<>();
    networking.put("podSubnet", Scalar.text(POD_SUBNET));
    networking.put("serviceSubnet", Scalar.text(SERVICE_SUBNET));
    networking.put("dnsDomain", Scalar.text(DNS_DOMAIN));
    Mapping cluster = Mapping.of(Map.of("networking", Mapping.of(networking)));
    if (!settings.imageRepository.isEmpty()) {
      cluster = cluster.with("imageRepository", Scalar.text(settings.imageRepository));
    }
    Duration lifetime = settings.certificateLifetime;
    if (lifetime != null) {
      String text = lifetime.toHours() + "h0m0s";
      cluster = cluster.with("certificateValidityPeriod", Scalar.text(text));
      String argument =
          settings.version.isAtLeast(1, 19)
              ? "cluster-signing-duration"
              : "experimental-cluster-signing-duration";
      cluster = withArguments(cluster, "controllerManager", Map.of(argument, text));
    }
    return withFeatures(withArguments(cluster, "apiServer", apiServerArguments()));
  }

  private Map<String, String> apiServerArguments() {
    Map<String, String> arguments = new LinkedHashMap<>();
    arguments.put("enable-aggregator-routing", "true");
    if (settings.auditPolicy) {
      arguments.put("audit-policy-file", AUDIT_POLICY);
      arguments.put("audit-log-path", LOG_DIRECTORY + "/audit.log");
      arguments.put("audit-log-format", "json");
      arguments.put("audit-log-maxbackup", "10");
      arguments.put("audit-log-maxsize", "100");
      arguments.put("audit-log-maxage", "7");
    }
    return arguments;
  }

  /** Features that charts of those days rely on, as long as they are not there by default. */
  private Mapping withFeatures(Mapping cluster) {
    List<String> gates = new ArrayList<>();
    if (!settings.version.isAtLeast(1, 21)) {
      gates.add("TTLAfterFinished=true");
    }
    if (settings.version.isAtLeast(1, 16) && !settings.version.isAtLeast(1, 23)) {
      gates.add("EphemeralContainers=true");
    }
    Mapping changed = cluster;
    if (!gates.isEmpty()) {
      for (String component : List.of("apiServer", "controllerManager", "scheduler")) {
        changed =
            withArguments(changed, component, Map.of("feature-gates", String.join(",", gates)));
      }
    }
    return changed;
  }

  private static Mapping withArguments(
      Mapping cluster, String component, Map<String, String> arguments) {
    Map<String, YamlNode> texts = new LinkedHashMap<>();
    arguments.forEach((name, value) -> texts.put(name, Scalar.text(value)));
    return cluster.change(
        component,
        part -> part.change("extraArgs", own -> KubeadmSources.fill(own, Mapping.of(texts))));
  }

  /**
   * What the API server needs to see of its node if it writes the audit log. It is added to
   * whatever volumes the documents have, since without it the server does not start.
   */
  static Mapping withAuditVolumes(Mapping cluster) {
    Mapping server = cluster.mapping("apiServer");
    Mapping arguments = server.mapping("extraArgs");
    List<YamlNode> volumes =
        new ArrayList<>(
            server.get("extraVolumes") instanceof Sequence given ? given.items() : List.of());
    if (arguments.text("audit-policy-file").equals(AUDIT_POLICY)) {
      add(volumes, volume("audit-policy", AUDIT_POLICY, "File", true));
    }
    if (arguments.text("audit-log-path").startsWith(LOG_DIRECTORY + "/")) {
      add(volumes, volume("audit-log", LOG_DIRECTORY, "DirectoryOrCreate", false));
    }
    return volumes.isEmpty()
        ? cluster
        : cluster.with("apiServer", server.with("extraVolumes", new Sequence(volumes, Place.NONE)));
  }

  private static void add(List<YamlNode> volumes, Mapping volume) {
    String path = volume.text("mountPath");
    boolean there =
        volumes.stream()
            .anyMatch(
                other ->
                    other instanceof Mapping mapping
                        && (path + "/").startsWith(mapping.text("mountPath") + "/"));
    if (!there) {
      volumes.add(volume);
    }
  }

  private static Mapping volume(String name, String path, String type, boolean readOnly) {
    Map<String, YamlNode> volume = new LinkedHashMap<>();
    volume.put("name", Scalar.text(name));
    volume.put("hostPath", Scalar.text(path));
    volume.put("mountPath", Scalar.text(path));
    volume.put("readOnly", Scalar.bool(readOnly));
    volume.put("pathType", Scalar.text(type));
    return Mapping.of(volume);
  }
}
