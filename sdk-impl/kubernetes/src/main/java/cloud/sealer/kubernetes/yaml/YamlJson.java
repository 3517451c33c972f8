package cloud.sealer.kubernetes.yaml;

import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlNode.Sequence;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Makes JSON of YAML as Kubernetes does: {@code yes}, {@code on} and {@code 0755} have a meaning.
 */
public final class YamlJson {
  private static final Pattern BOOLEAN =
      Pattern.compile("true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF");
  private static final Pattern TRUE = Pattern.compile("(?i)true|yes|on");
  private static final Pattern INTEGER =
      Pattern.compile("[-+]?(?:0x[0-9A-Fa-f]{1,64}|0o?[0-7]{1,64}|0|[1-9][0-9]{0,64})");
  private static final Pattern FLOAT =
      Pattern.compile(
          "[-+]?(?:\\.[0-9]{1,64}|[0-9]{1,64}(?:\\.[0-9]{0,64})?)(?:[eE][-+]?[0-9]{1,3})?");

  private YamlJson() {}

  /** The JSON of a document. */
  public static JsonNode toJson(YamlNode node) {
    if (node instanceof Mapping mapping) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      mapping.values().forEach((key, value) -> object.set(key, toJson(value)));
      return object;
    }
    if (node instanceof Sequence sequence) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      sequence.items().forEach(item -> array.add(toJson(item)));
      return array;
    }
    return scalar((Scalar) node);
  }

  private static JsonNode scalar(Scalar scalar) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    String text = scalar.text();
    if (!scalar.plain()) {
      return json.textNode(text);
    }
    if (scalar.isNull()) {
      return json.nullNode();
    }
    if (BOOLEAN.matcher(text).matches()) {
      return json.booleanNode(TRUE.matcher(text).matches());
    }
    if (INTEGER.matcher(text).matches()) {
      return json.numberNode(integer(text.toLowerCase(Locale.ROOT)));
    }
    return FLOAT.matcher(text).matches()
        ? json.numberNode(new BigDecimal(text))
        : json.textNode(text);
  }

  private static BigInteger integer(String text) {
    boolean negative = text.startsWith("-");
    String digits = text.startsWith("+") || negative ? text.substring(1) : text;
    BigInteger number;
    if (digits.startsWith("0x")) {
      number = new BigInteger(digits.substring(2), 16);
    } else if (digits.startsWith("0") && digits.length() > 1) {
      number = new BigInteger(digits.substring(digits.startsWith("0o") ? 2 : 1), 8);
    } else {
      number = new BigInteger(digits);
    }
    return negative ? number.negate() : number;
  }
}
