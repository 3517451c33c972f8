package cloud.sealer.helm;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What a {@code Chart.yaml} says about its chart.
 *
 * @param name the chart's name
 * @param library whether it only has parts for other charts, and cannot be rendered
 * @param kubernetesVersions the versions of Kubernetes it works with; empty for any
 * @param annotations its annotations
 */
record ChartMetadata(
    String name, boolean library, String kubernetesVersions, Map<String, String> annotations) {
  static final String FILE = "Chart.yaml";

  static ChartMetadata of(RootfsPath chart, List<ChartFile> files) {
    try {
      for (ChartFile file : files) {
        if (file.path().equals(FILE)) {
          return read(new String(file.bytes(), StandardCharsets.UTF_8));
        }
      }
      throw new IOException("it is missing");
    } catch (IOException | YAMLException e) {
      throw SealerException.builder(
              ErrorCode.RENDER_FAILED, chart + ": cannot read Chart.yaml: " + reason(e))
          .cause(e)
          .detail("chart", chart)
          .build();
    }
  }

  private static ChartMetadata read(String text) throws IOException {
    if (!(yaml(text) instanceof Map<?, ?> fields)) {
      throw new IOException("it is no mapping");
    }
    Map<String, String> annotations = new LinkedHashMap<>();
    if (fields.get("annotations") instanceof Map<?, ?> map) {
      map.forEach((key, value) -> annotations.put(String.valueOf(key), String.valueOf(value)));
    }
    return new ChartMetadata(
        text(fields, "name"),
        text(fields, "type").equals("library"),
        text(fields, "kubeVersion"),
        annotations);
  }

  /** Plain values of a YAML text. */
  static Object yaml(String text) {
    Object value = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    return value == null ? "" : value;
  }

  private static String text(Map<?, ?> fields, String key) {
    Object value = fields.get(key);
    return value == null ? "" : value.toString();
  }

  private static String reason(Exception e) {
    return e instanceof MarkedYAMLException marked && marked.getProblemMark() != null
        ? marked.getProblem() + " (line " + (marked.getProblemMark().getLine() + 1) + ")"
        : String.valueOf(e.getMessage());
  }
}
