package cloud.sealer.kubernetes.kubeadm;

import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Arguments for components: a mapping before {@code v1beta4}, since then a list of {@code name} and
 * {@code value}, in which a name may stand twice.
 */
final class ExtraArgs {
  private static final Set<String> FIELDS = Set.of("extraArgs", "kubeletExtraArgs");

  private ExtraArgs() {}

  /** All lists that can be mappings as mappings, so that arguments of several documents merge. */
  static Mapping toMappings(Mapping document) {
    return change(document, true);
  }

  /** All mappings as lists. */
  static Mapping toLists(Mapping document) {
    return change(document, false);
  }

  private static Mapping change(Mapping document, boolean toMappings) {
    Map<String, YamlNode> changed = new LinkedHashMap<>();
    document
        .values()
        .forEach(
            (key, value) -> {
              if (FIELDS.contains(key)) {
                changed.put(key, toMappings ? mapping(value) : list(value));
              } else if (value instanceof Mapping inner) {
                changed.put(key, change(inner, toMappings));
              } else {
                changed.put(key, value);
              }
            });
    return new Mapping(changed, document.keys(), document.place());
  }

  private static YamlNode mapping(YamlNode value) {
    Map<String, YamlNode> arguments = new LinkedHashMap<>();
    if (value instanceof Mapping given) {
      given.values().forEach((name, argument) -> arguments.put(name, text(argument)));
      return Mapping.of(arguments);
    }
    if (!(value instanceof Sequence sequence)) {
      return value;
    }
    for (YamlNode item : sequence.items()) {
      if (!(item instanceof Mapping argument)
          || argument.text("name").isEmpty()
          || arguments.put(argument.text("name"), Scalar.text(argument.text("value"))) != null) {
        return value;
      }
    }
    return Mapping.of(arguments);
  }

  /** kubeadm takes no numbers and truth values here, but who writes {@code v: 4} means the text. */
  private static YamlNode text(YamlNode argument) {
    return argument instanceof Scalar scalar && !scalar.isNull()
        ? Scalar.text(scalar.text())
        : argument;
  }

  private static YamlNode list(YamlNode value) {
    if (!(value instanceof Mapping arguments)) {
      return value;
    }
    List<YamlNode> items = new ArrayList<>();
    arguments
        .values()
        .forEach(
            (name, argument) -> {
              Map<String, YamlNode> item = new LinkedHashMap<>();
              item.put("name", Scalar.text(name));
              item.put("value", argument);
              items.add(Mapping.of(item));
            });
    return new Sequence(items, Place.NONE);
  }
}
