package cloud.sealer.kubernetes.plugin;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.kubernetes.finding.Section;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.sdk.PluginSpec;

/**
 * What a plugin of type {@code ETCD} does.
 *
 * @param file the absolute path, on the machine that runs the cluster, of the snapshot to be made
 */
public record EtcdSnapshot(String file) {
  /** The snapshot of a plugin. */
  public static EtcdSnapshot of(PluginSpec plugin) {
    return new EtcdSnapshot(plugin.data().isBlank() ? plugin.on().strip() : plugin.data().strip());
  }

  static void parse(Scalar on, Scalar data, Section spec) {
    Findings findings = spec.findings();
    if (data.text().isBlank() && on.text().isBlank()) {
      findings.error(
          spec.placeOf("data"), "", "spec.data is missing", "write the path of the snapshot");
      return;
    }
    Scalar path = data;
    if (data.text().isBlank()) {
      path = on;
      findings.warning(
          on.place(), on.text(), "spec.on selects hosts elsewhere", "write the path in spec.data");
    }
    String file = path.text().strip();
    if (!file.startsWith("/") || file.endsWith("/") || file.contains("\n")) {
      findings.error(path.place(), file, "the path of a snapshot must be absolute", "");
    }
  }
}
