package cloud.sealer.core.discovery;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The parameters that tasks, workflows and templates declare with a value, which images refer to:
 * {@code $(params.IMAGE)} of Tekton, {@code {{inputs.parameters.image}}} and {@code
 * {{workflow.parameters.image}}} of Argo, {@code ${IMAGE}} of OpenShift.
 *
 * @param values the value that a parameter has if nobody gives another, by its name
 */
record Parameters(Map<String, String> values) {
  private static final Set<String> LISTS = Set.of("params", "parameters");
  private static final Pattern USE =
      Pattern.compile(
          "\\$\\((?:inputs\\.)?params\\.([\\w.-]+)\\)"
              + "|\\{\\{\\s*(?:inputs|workflow)\\.parameters\\.([\\w.-]+)\\s*}}"
              + "|\\$\\{(\\w+)}");

  /** The parameters of a document. One that is declared with two values has none. */
  static Parameters of(Node document) {
    Map<String, String> values = new HashMap<>();
    collect(document, "", values, new HashSet<>());
    return new Parameters(values);
  }

  private static void collect(
      Node node, String key, Map<String, String> values, Set<String> ambiguous) {
    if (node instanceof Node.Mapping mapping) {
      mapping.values().forEach((name, value) -> collect(value, name, values, ambiguous));
    } else if (node instanceof Node.Sequence sequence) {
      for (Node item : sequence.items()) {
        if (LISTS.contains(key) && item instanceof Node.Mapping parameter) {
          add(parameter, values, ambiguous);
        }
        collect(item, "", values, ambiguous);
      }
    }
  }

  private static void add(
      Node.Mapping parameter, Map<String, String> values, Set<String> ambiguous) {
    String name = parameter.text("name");
    String value =
        parameter.text("value").isEmpty() ? parameter.text("default") : parameter.text("value");
    if (name.isEmpty() || value.isEmpty() || ambiguous.contains(name)) {
      return;
    }
    String other = values.putIfAbsent(name, value);
    if (other != null && !other.equals(value)) {
      values.remove(name);
      ambiguous.add(name);
    }
  }

  /** A text with the values of the parameters that are known. */
  String resolve(String text) {
    return USE.matcher(text)
        .replaceAll(
            use -> {
              String name =
                  Stream.of(1, 2, 3)
                      .map(use::group)
                      .filter(Objects::nonNull)
                      .findFirst()
                      .orElse("");
              return Matcher.quoteReplacement(values.getOrDefault(name, use.group()));
            });
  }
}
