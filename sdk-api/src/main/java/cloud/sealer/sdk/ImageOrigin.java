package cloud.sealer.sdk;

import java.util.Objects;

/**
 * Where a container image was found, and why it was taken for one.
 *
 * @param file the file in the rootfs; the root itself for what was found elsewhere, such as in a
 *     running cluster
 * @param document which YAML document of the file, counted from 1; 0 where the file has no
 *     documents
 * @param object the Kubernetes object, as {@code Kind/name} or {@code Kind/namespace/name}; empty
 *     where there is none
 * @param path the place in the document, such as {@code spec.template.spec.containers[0].image};
 *     empty where there is none
 * @param line the line in the file, counted from 1; 0 where unknown
 * @param rule the name of the rule that found it, such as {@code image-key} or {@code image-list}
 */
public record ImageOrigin(
    RootfsPath file, int document, String object, String path, int line, String rule) {
  /** The rule of what a running cluster runs. */
  public static final String CLUSTER_RULE = "cluster";

  /** Checks the parts. */
  public ImageOrigin {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(object, "object");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(rule, "rule");
  }

  /**
   * Whether it was found in a running cluster.
   *
   * @return true if so; false for what stands in a file or in the request
   */
  public boolean inCluster() {
    return rule.equals(CLUSTER_RULE);
  }

  /** Returns {@code file:line (object path)}, or {@code cluster (object path)}. */
  @Override
  public String toString() {
    String place = (object + " " + path).strip();
    if (inCluster()) {
      return "cluster (" + place + ")";
    }
    return file + (line > 0 ? ":" + line : "") + (place.isEmpty() ? "" : " (" + place + ")");
  }
}
