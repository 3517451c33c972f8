package cloud.sealer.kubernetes.kubeadm;

import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The forms that documents have in the versions of kubeadm's API.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/">v1beta4</a>
 */
final class KubeadmForm {
  private static final String UNIX = "unix://";

  private final KubernetesVersion version;

  KubeadmForm(KubernetesVersion version) {
    this.version = version;
  }

  /** The API version that documents of a kind are written in. */
  String apiVersion(KubeadmKind kind) {
    if (kind == KubeadmKind.KUBELET) {
      return "kubelet.config.k8s.io/v1beta1";
    }
    if (kind == KubeadmKind.PROXY) {
      return "kubeproxy.config.k8s.io/v1alpha1";
    }
    return "kubeadm.k8s.io/v1beta" + number();
  }

  private int number() {
    if (version.isAtLeast(1, 31)) {
      return 4;
    }
    if (version.isAtLeast(1, 22)) {
      return 3;
    }
    return version.isAtLeast(1, 15) ? 2 : 1;
  }

  /** Whether the key of the shared certificates is a setting, not an argument. */
  boolean hasCertificateKey() {
    return number() >= 2;
  }

  /** A whole document: its head, and the settings in the form of its version. */
  Mapping document(KubeadmKind kind, Mapping settings) {
    Map<String, YamlNode> document = new LinkedHashMap<>();
    document.put("apiVersion", Scalar.text(apiVersion(kind)));
    document.put("kind", Scalar.text(kind.text()));
    document.putAll(convert(kind, settings).values());
    return Mapping.of(document);
  }

  private Mapping convert(KubeadmKind kind, Mapping settings) {
    if (kind == KubeadmKind.KUBELET || kind == KubeadmKind.PROXY) {
      return settings;
    }
    Mapping converted = settings;
    if (number() >= 3) {
      converted = converted.without("useHyperKubeImage");
      converted = withoutInner(converted, "dns", "type");
    }
    if (number() < 4) {
      return converted
          .without("certificateValidityPeriod")
          .without("caCertificateValidityPeriod")
          .without("encryptionAlgorithm")
          .without("proxy")
          .without("timeouts");
    }
    converted = withoutInner(converted, "apiServer", "timeoutForControlPlane");
    if (kind == KubeadmKind.JOIN) {
      YamlNode timeout = converted.mapping("discovery").get("timeout");
      converted = withoutInner(converted, "discovery", "timeout");
      if (timeout != null && converted.mapping("timeouts").get("discovery") == null) {
        converted = converted.change("timeouts", all -> all.with("discovery", timeout));
      }
    }
    return ExtraArgs.toLists(converted);
  }

  private static Mapping withoutInner(Mapping mapping, String key, String inner) {
    if (mapping.mapping(key).get(inner) == null) {
      return mapping;
    }
    Mapping rest = mapping.mapping(key).without(inner);
    return rest.values().isEmpty() ? mapping.without(key) : mapping.with(key, rest);
  }

  /**
   * A socket as this version wants it: since 1.24 as a URL. Before, kubeadm knows docker by the
   * bare path of its socket, which is not there yet, and takes a URL for another runtime.
   */
  String socket(String socket) {
    if (version.isAtLeast(1, 24)) {
      return socket.startsWith("/") ? UNIX + socket : socket;
    }
    return socket.startsWith(UNIX) ? socket.substring(UNIX.length()) : socket;
  }
}
