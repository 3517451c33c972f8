package cloud.sealer.core.discovery;

import cloud.sealer.sdk.ImageOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds images in the arguments of commands: {@code --helper-image=REF}, {@code --helper-image REF}
 * in one or in two elements, {@code X_IMAGE=REF}, and what can only be an image whatever it is
 * named.
 */
final class ArgumentRule implements Rule {
  private static final Pattern FLAG =
      Pattern.compile("-{1,2}([A-Za-z][\\w.-]*)(?:=(.*))?", Pattern.DOTALL);
  private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_]\\w*)=(.+)", Pattern.DOTALL);
  private static final Pattern QUOTES = Pattern.compile("^[\"'`]+|[\"'`;]+$");

  @Override
  public void check(Place place, Node.Mapping mapping, Reports reports) {
    Map<String, String> variables = null;
    for (Map.Entry<String, Node> entry : mapping.values().entrySet()) {
      if (!isArguments(entry.getKey())) {
        continue;
      }
      variables =
          variables == null ? EnvironmentRule.variables(mapping.values().get("env")) : variables;
      Place at = place.under(entry.getKey());
      if (entry.getValue() instanceof Node.Sequence list) {
        checkList(at, list, variables, reports);
      } else if (entry.getValue() instanceof Node.Scalar script && script.isText()) {
        checkScript(
            script.text(), at.origin(script.line(), RuleNames.ARGUMENT), variables, reports);
      } else if (entry.getValue() instanceof Node.Mapping map && isFlags(entry.getKey())) {
        checkMap(at, map, variables, reports);
      }
    }
  }

  private static boolean isArguments(String key) {
    String name = key.toLowerCase(Locale.ROOT);
    return name.endsWith("args")
        || name.endsWith("arguments")
        || name.endsWith("command")
        || name.endsWith("cmd")
        || name.endsWith("flags")
        || name.equals("script")
        || name.equals("entrypoint");
  }

  private static boolean isFlags(String key) {
    String name = key.toLowerCase(Locale.ROOT);
    return name.endsWith("args") || name.endsWith("arguments") || name.endsWith("flags");
  }

  private static void checkList(
      Place place, Node.Sequence list, Map<String, String> variables, Reports reports) {
    List<Integer> places = new ArrayList<>();
    List<Node.Scalar> values = new ArrayList<>();
    for (int i = 0; i < list.items().size(); i++) {
      if (list.items().get(i) instanceof Node.Scalar value && value.isText()) {
        places.add(i);
        values.add(value);
      }
    }
    String flag = "";
    for (int i = 0; i < values.size(); i++) {
      Node.Scalar value = values.get(i);
      ImageOrigin origin = place.item(places.get(i)).origin(value.line(), RuleNames.ARGUMENT);
      if (value.text().strip().chars().anyMatch(Character::isWhitespace)) {
        checkScript(value.text(), origin, variables, reports);
        flag = "";
      } else {
        flag = checkWord(flag, value.text().strip(), false, origin, variables, reports);
      }
    }
  }

  /** As some charts and operators have it: {@code extraArgs: {helper-image: REF}}. */
  private static void checkMap(
      Place place, Node.Mapping map, Map<String, String> variables, Reports reports) {
    for (Map.Entry<String, Node> entry : map.values().entrySet()) {
      if (entry.getValue() instanceof Node.Scalar value && value.isText()) {
        new NamedValue(entry.getKey(), value.text(), false)
            .expand(variables)
            .report(place.under(entry.getKey()).origin(value.line(), RuleNames.ARGUMENT), reports);
      }
    }
  }

  private static void checkScript(
      String script, ImageOrigin origin, Map<String, String> variables, Reports reports) {
    for (String line : script.split("\\R")) {
      String flag = "";
      if (line.strip().startsWith("#")) {
        continue;
      }
      for (String token : line.strip().split("\\s+")) {
        String word = QUOTES.matcher(token).replaceAll("");
        flag = checkWord(flag, word, true, origin, variables, reports);
      }
    }
  }

  /** Looks at one word after a flag, and returns the flag that waits for its value. */
  private static String checkWord(
      String flag,
      String word,
      boolean inScript,
      ImageOrigin origin,
      Map<String, String> variables,
      Reports reports) {
    Matcher option = FLAG.matcher(word);
    Matcher assignment = ASSIGNMENT.matcher(word);
    NamedValue value;
    if (option.matches()) {
      if (option.group(2) == null) {
        return option.group(1);
      }
      value = new NamedValue(option.group(1), unquote(option.group(2)), inScript);
    } else if (assignment.matches()) {
      value = new NamedValue(assignment.group(1), unquote(assignment.group(2)), inScript);
    } else {
      value = new NamedValue(flag, word, inScript);
    }
    value.expand(variables).report(origin, reports);
    return "";
  }

  private static String unquote(String text) {
    return QUOTES.matcher(text).replaceAll("");
  }
}
