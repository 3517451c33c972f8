package cloud.sealer.kubernetes.rootfs;

import cloud.sealer.kubernetes.yaml.YamlException;
import cloud.sealer.kubernetes.yaml.YamlJson;
import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlReader;
import cloud.sealer.kubernetes.yaml.YamlWriter;
import cloud.sealer.sdk.ConfigSpec.Step;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Processes the data of a {@code Config} document, step by step. */
final class ConfigData {
  private ConfigData() {}

  /**
   * The data after all steps.
   *
   * @throws IllegalArgumentException if a step cannot be done
   */
  static String process(String data, List<Step> steps) {
    String text = data;
    boolean values = false;
    for (Step step : steps) {
      if (step == Step.VALUE) {
        values = true;
      } else if (values) {
        text = eachValue(text, step);
      } else {
        text = step == Step.TO_JSON ? YamlJson.toJson(read(text)).toString() : base64(text);
      }
    }
    return text;
  }

  private static String eachValue(String text, Step step) {
    if (!(read(text) instanceof Mapping mapping)) {
      throw new IllegalArgumentException("the process value needs a mapping in spec.data");
    }
    Map<String, YamlNode> values = new LinkedHashMap<>();
    mapping
        .values()
        .forEach(
            (key, value) ->
                values.put(
                    key,
                    Scalar.text(
                        step == Step.TO_JSON
                            ? YamlJson.toJson(value).toString()
                            : base64(text(key, value)))));
    return new YamlWriter().write(Mapping.of(values));
  }

  private static String text(String key, YamlNode value) {
    if (value instanceof Scalar scalar) {
      return value.isNull() ? "" : scalar.text();
    }
    throw new IllegalArgumentException(
        "toBase64 takes texts, but " + key + " is " + value.noun() + "; put toJson before it");
  }

  private static YamlNode read(String text) {
    try {
      return YamlReader.read(text, 1);
    } catch (YamlException e) {
      throw new IllegalArgumentException(
          "spec.data is not YAML: line " + e.place().line() + ": " + e.getMessage(), e);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
