package cloud.sealer.kubernetes.clusterfile;

import static cloud.sealer.core.finding.Diagnostics.quote;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.kubernetes.finding.Section;
import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads variables: a list of {@code NAME=VALUE}, in which a name may stand several times, or a
 * mapping. In both, semicolons part the values of one variable.
 */
final class EnvReader {
  private static final Pattern SHELL_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Findings findings;
  private final String name;
  private final Map<String, List<String>> env = new LinkedHashMap<>();

  private EnvReader(Findings findings, String name) {
    this.findings = findings;
    this.name = name;
  }

  /** The variables of a field. */
  static Map<String, List<String>> read(Section section, String field) {
    EnvReader reader = new EnvReader(section.findings(), section.nameOf(field));
    reader.read(section.value(field), EnvReader::split);
    return reader.env;
  }

  /** The arguments of a field: each has one value, the last, in which semicolons are nothing. */
  static Map<String, String> arguments(Section section, String field) {
    EnvReader reader = new EnvReader(section.findings(), section.nameOf(field));
    reader.read(section.value(field), List::of);
    Map<String, String> arguments = new LinkedHashMap<>();
    reader.env.forEach((name, values) -> arguments.put(name, values.get(values.size() - 1)));
    return arguments;
  }

  private interface Values {
    List<String> of(String text);
  }

  private void read(@Nullable YamlNode node, Values values) {
    if (node instanceof Mapping mapping) {
      mapping
          .values()
          .forEach((key, value) -> put(mapping.placeOf(key), key, value(value, values)));
    } else if (node instanceof Sequence sequence) {
      sequence.items().forEach(item -> item(item, values));
    } else if (node != null) {
      item(node, values);
    }
  }

  private List<String> value(YamlNode node, Values values) {
    if (node.isNull()) {
      return List.of("");
    }
    if (node instanceof Scalar scalar) {
      return values.of(scalar.text());
    }
    List<String> texts = new ArrayList<>();
    if (node instanceof Sequence sequence
        && sequence.items().stream().allMatch(Scalar.class::isInstance)
        && !sequence.items().isEmpty()) {
      sequence.items().forEach(item -> texts.add(item.isNull() ? "" : ((Scalar) item).text()));
      return texts;
    }
    findings.error(
        node.place(), "", "a value of " + name + " must be a text or a list of texts", "");
    return List.of("");
  }

  private void item(YamlNode item, Values values) {
    if (item instanceof Mapping mapping) {
      // "- NAME: VALUE" is what one writes who thinks of both forms.
      read(mapping, values);
      return;
    }
    String text = item instanceof Scalar scalar && !item.isNull() ? scalar.text() : "";
    int equals = text.indexOf('=');
    if (equals < 1) {
      findings.error(
          item.place(),
          "",
          name + " must be a list of NAME=VALUE" + (text.isEmpty() ? "" : ", found one without"),
          "write NAME=VALUE");
      return;
    }
    put(item.place(), text.substring(0, equals).strip(), values.of(text.substring(equals + 1)));
  }

  private void put(Place place, String variable, List<String> values) {
    if (variable.isEmpty()) {
      findings.error(place, "", name + " has a variable without a name", "write NAME=VALUE");
      return;
    }
    if (!SHELL_NAME.matcher(variable).matches()) {
      findings.warning(
          place,
          variable,
          quote(variable) + " is no name of a shell variable, so scripts do not see it",
          "use letters, digits and underscores");
    }
    env.merge(
        variable,
        values,
        (before, after) -> {
          List<String> all = new ArrayList<>(before);
          all.addAll(after);
          return all;
        });
  }

  private static List<String> split(String value) {
    return value.contains(";") ? List.of(value.split(";", -1)) : List.of(value);
  }
}
