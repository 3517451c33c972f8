package cloud.sealer.core.discovery;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Goes through a document and shows every mapping to every rule, except where the keys are not
 * those of the object: schemas, labels, encoded secrets, observed state.
 */
final class ObjectWalker {
  /**
   * Below these, keys are chosen by users or describe types, so a key {@code image} names no image.
   */
  private static final Set<String> FOREIGN_KEYS =
      Set.of(
          "annotations",
          "commonAnnotations",
          "commonLabels",
          "labels",
          "matchLabels",
          "nodeSelector",
          "openAPIV3Schema",
          "selector");

  private final List<Rule> rules;
  private final Reports reports;

  ObjectWalker(List<Rule> rules, Reports reports) {
    this.rules = rules;
    this.reports = reports;
  }

  /**
   * Visits a node and all below it. The recursion is as deep as {@link Node#depth}, which is
   * bounded.
   */
  void walk(Place place, Node node) {
    if (node instanceof Node.Mapping mapping) {
      if (mapping.text("kind").equals("CustomResourceDefinition")) {
        return;
      }
      rules.forEach(rule -> rule.check(place, mapping, reports));
      for (Map.Entry<String, Node> entry : mapping.values().entrySet()) {
        walkValue(place, entry.getKey(), entry.getValue());
      }
    } else if (node instanceof Node.Sequence sequence) {
      if (place.root()) {
        // Rules see lists through the mapping that has them; a list alone gets one.
        Node.Mapping around =
            new Node.Mapping(Map.of("", sequence), "", node.line(), node.size(), node.depth());
        rules.forEach(rule -> rule.check(place, around, reports));
      }
      for (int i = 0; i < sequence.items().size(); i++) {
        walk(place.item(i), sequence.items().get(i));
      }
    }
  }

  private void walkValue(Place place, String key, Node value) {
    if (isForeign(place, key)) {
      return;
    }
    Place below = place.under(key);
    boolean isList = place.root() && key.equals("items") && place.object().kind().endsWith("List");
    if (isList && value instanceof Node.Sequence sequence) {
      for (int i = 0; i < sequence.items().size(); i++) {
        Node item = sequence.items().get(i);
        walk(below.objectItem(i, item), item);
      }
    } else {
      walk(below, value);
    }
  }

  private static boolean isForeign(Place place, String key) {
    if (FOREIGN_KEYS.contains(key)) {
      return true;
    }
    String kind = place.object().kind();
    return place.root()
        && ((key.equals("status") && !kind.isEmpty())
            || (key.equals("data") && kind.equals("Secret")));
  }
}
