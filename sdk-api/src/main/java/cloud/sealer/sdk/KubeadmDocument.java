package cloud.sealer.sdk;

import java.util.Objects;

/**
 * Settings of kubeadm as they stand in a Clusterfile or an image.
 *
 * @param kind {@code InitConfiguration}, {@code ClusterConfiguration}, {@code JoinConfiguration},
 *     {@code KubeletConfiguration}, {@code KubeProxyConfiguration}; or {@code KubeadmConfig}, whose
 *     {@code spec} mixes the fields of all of them
 * @param yaml the whole document
 */
public record KubeadmDocument(String kind, String yaml) {
  /** Checks the parts. */
  public KubeadmDocument {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(yaml, "yaml");
  }
}
