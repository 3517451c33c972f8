package cloud.sealer.kubernetes.finding;

import static cloud.sealer.core.finding.Diagnostics.quote;

import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mapping that is read field by field. Wrong kinds of values are mistakes, fields that nobody
 * asked for are warnings. Not thread-safe.
 */
public final class Section {
  private final String name;
  private final Mapping mapping;
  private final Findings findings;
  private final Set<String> known = new LinkedHashSet<>();

  /**
   * Starts reading.
   *
   * @param name what messages call it, such as {@code spec}; empty for the top of a document
   * @param node the mapping; anything else is a mistake, and read as one without fields
   * @param findings where mistakes go
   */
  public Section(String name, YamlNode node, Findings findings) {
    this.name = name;
    this.findings = findings;
    if (node instanceof Mapping given) {
      mapping = given;
    } else {
      mapping = new Mapping(Map.of(), Map.of(), node.place());
      if (!node.isNull()) {
        findings.error(
            node.place(),
            "",
            (name.isEmpty() ? "the document" : name) + " must be a mapping, not " + node.noun(),
            "");
      }
    }
  }

  /** Where mistakes go. */
  public Findings findings() {
    return findings;
  }

  /** Where it stands. */
  public Place place() {
    return mapping.place();
  }

  /** Where a field stands. */
  public Place placeOf(String field) {
    return mapping.placeOf(field);
  }

  /** What messages call a field. */
  public String nameOf(String field) {
    return name.isEmpty() ? field : name + "." + field;
  }

  /** Whether there is a value for a field. */
  public boolean has(String field) {
    YamlNode value = mapping.get(field);
    return value != null && !value.isNull();
  }

  /** The value of a field; null if there is none, or nothing in it. */
  public @Nullable YamlNode value(String field) {
    known.add(field);
    YamlNode value = mapping.get(field);
    return value == null || value.isNull() ? null : value;
  }

  /** Knows fields without reading them. */
  public void ignore(String... fields) {
    known.addAll(List.of(fields));
  }

  /** The text, number or truth value of a field, as it stands. */
  public Optional<Scalar> scalar(String field) {
    YamlNode value = value(field);
    if (value == null || value instanceof Scalar) {
      return Optional.ofNullable((Scalar) value);
    }
    findings.error(value.place(), "", nameOf(field) + " must be a text, not " + value.noun(), "");
    return Optional.empty();
  }

  /** The text of a field; empty if there is none. */
  public String text(String field) {
    return scalar(field).map(Scalar::text).orElse("");
  }

  /** The section of a field; an empty one if there is none. */
  public Section section(String field) {
    YamlNode value = value(field);
    return new Section(nameOf(field), value == null ? empty(field) : value, findings);
  }

  private Mapping empty(String field) {
    return new Mapping(Map.of(), Map.of(), placeOf(field));
  }

  /** The sections of a list. */
  public List<Section> sections(String field) {
    List<Section> sections = new ArrayList<>();
    for (YamlNode item : items(field)) {
      sections.add(new Section(nameOf(field) + "[" + sections.size() + "]", item, findings));
    }
    return sections;
  }

  /** The texts of a list; a single text is a list of one. */
  public List<Scalar> texts(String field) {
    List<Scalar> texts = new ArrayList<>();
    for (YamlNode item : items(field)) {
      if (item instanceof Scalar scalar && !scalar.isNull()) {
        texts.add(scalar);
      } else {
        findings.error(
            item.place(), "", nameOf(field) + " must be a list of texts, found " + item.noun(), "");
      }
    }
    return texts;
  }

  private List<YamlNode> items(String field) {
    YamlNode value = value(field);
    if (value == null) {
      return List.of();
    }
    if (value instanceof Mapping) {
      findings.error(value.place(), "", nameOf(field) + " must be a list, not a mapping", "");
      return List.of();
    }
    return value instanceof Sequence sequence ? sequence.items() : List.of(value);
  }

  /** Reports the fields that nobody asked for. */
  public void warnOfOthers() {
    mapping
        .values()
        .keySet()
        .forEach(
            field -> {
              if (!known.contains(field)) {
                findings.warning(
                    placeOf(field),
                    field,
                    "unknown field " + quote(nameOf(field)) + ", which is ignored",
                    Findings.near(field, known, ""));
              }
            });
  }
}
