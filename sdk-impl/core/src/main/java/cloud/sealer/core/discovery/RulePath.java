package cloud.sealer.core.discovery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A path in an object as reports write it, {@code spec.sidecars[0].image} or {@code data["a.b"]},
 * in which {@code *} stands for any key, part of a key, or item. A path leads on through a text
 * that holds JSON or YAML.
 *
 * @param steps the keys and numbers as patterns
 */
record RulePath(List<Pattern> steps) {
  private static final Pattern STEP =
      Pattern.compile("\\G(?:\\[\"([^\"]+)\"\\]|\\[([0-9*]+)\\]|\\.?([^.\\[\\]{}\"]+))");

  /**
   * A place that a path leads to.
   *
   * @param place where it is, or where the text is that holds it
   * @param node what is there
   * @param textLine the line of the text that holds it; 0 if it stands in the object itself
   */
  record Match(Place place, Node node, int textLine) {
    int line() {
      return textLine > 0 ? textLine : node.line();
    }

    private Match child(Place below, Node child) {
      return new Match(textLine > 0 ? place : below, child, textLine);
    }

    /** This match, or what its text holds. */
    private Match entered(Function<String, Node> parser) {
      boolean text =
          node instanceof Node.Scalar scalar && scalar.isText() && scalar.text().length() > 1;
      return text ? new Match(place, parser.apply(((Node.Scalar) node).text()), line()) : this;
    }
  }

  static RulePath of(String text) {
    List<Pattern> steps = new ArrayList<>();
    Matcher step = STEP.matcher(text);
    int end = 0;
    while (step.find()) {
      String key =
          Stream.of(1, 2, 3).map(step::group).filter(g -> g != null).findFirst().orElse("");
      steps.add(
          Pattern.compile(
              Stream.of(key.strip().split("\\*+", -1))
                  .map(Pattern::quote)
                  .collect(Collectors.joining(".*"))));
      end = step.end();
    }
    if (end != text.length() || steps.isEmpty()) {
      throw new IllegalArgumentException("not a path: \"" + text + "\"");
    }
    return new RulePath(steps);
  }

  /** All places that the path leads to, in the order of the document. */
  List<Match> find(Place start, Node node, Function<String, Node> parser) {
    List<Match> matches = List.of(new Match(start, node, 0));
    for (Pattern step : steps) {
      List<Match> next = new ArrayList<>();
      for (Match match : matches) {
        children(match.entered(parser))
            .forEach(
                (key, child) -> {
                  if (step.matcher(key).matches()) {
                    next.add(child);
                  }
                });
      }
      matches = next;
    }
    return matches;
  }

  private static Map<String, Match> children(Match match) {
    Map<String, Match> children = new LinkedHashMap<>();
    if (match.node() instanceof Node.Mapping mapping) {
      mapping
          .values()
          .forEach((key, child) -> children.put(key, match.child(match.place().under(key), child)));
    } else if (match.node() instanceof Node.Sequence sequence) {
      for (int i = 0; i < sequence.items().size(); i++) {
        children.put(
            String.valueOf(i), match.child(match.place().item(i), sequence.items().get(i)));
      }
    }
    return children;
  }
}
