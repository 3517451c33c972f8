package cloud.sealer.sdk;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Settings of kubeadm as they stand in a Clusterfile or an image.
 *
 * @param kind {@code InitConfiguration}, {@code ClusterConfiguration}, {@code JoinConfiguration},
 *     {@code KubeletConfiguration}, {@code KubeProxyConfiguration}; or {@code KubeadmConfig}, whose
 *     {@code spec} mixes the fields of all of them
 * @param yaml the whole document without markers; blank lines before and white space behind it are
 *     dropped, but for the end of the last line
 */
public record KubeadmDocument(String kind, String yaml) {
  private static final Pattern BLANK_LINES = Pattern.compile("\\A(?:[ \\t]*\\R)+");

  /** Checks and trims the parts. */
  public KubeadmDocument {
    Objects.requireNonNull(kind, "kind");
    yaml = BLANK_LINES.matcher(yaml).replaceFirst("").stripTrailing() + "\n";
  }
}
