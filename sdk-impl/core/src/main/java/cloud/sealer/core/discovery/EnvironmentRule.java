package cloud.sealer.core.discovery;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds images in environment variables, from which operators take what they start later, and
 * suspects them in the parameters of tasks and applications.
 */
final class EnvironmentRule implements Rule {
  private static final Set<String> VALUES = Set.of("value", "default");
  private static final Pattern REPOSITORY =
      Pattern.compile("(?i)(.*?)[_.-]?(?:REPOSITORY|REPO|NAME)?");

  @Override
  public void check(Place place, Node.Mapping mapping, Reports reports) {
    for (Map.Entry<String, Node> entry : mapping.values().entrySet()) {
      Place at = place.under(entry.getKey());
      if (entry.getValue() instanceof Node.Sequence list) {
        checkList(at, list, reports);
      } else if (isEnvironment(entry.getKey()) && entry.getValue() instanceof Node.Mapping map) {
        checkMap(at, map, reports);
      }
    }
  }

  private static boolean isEnvironment(String key) {
    String name = key.toLowerCase(Locale.ROOT);
    return name.equals("env")
        || name.endsWith("env")
        || name.endsWith("envs")
        || name.contains("environment")
        || name.endsWith("envvars");
  }

  private static void checkList(Place place, Node.Sequence list, Reports reports) {
    Map<String, String> variables = variables(list);
    for (int i = 0; i < list.items().size(); i++) {
      if (!(list.items().get(i) instanceof Node.Mapping item) || item.text("name").isEmpty()) {
        continue;
      }
      for (String key : VALUES) {
        if (item.values().get(key) instanceof Node.Scalar value && value.isText()) {
          var origin = place.item(i).under(key).origin(value.line(), RuleNames.ENVIRONMENT);
          var named = new NamedValue(item.text("name"), value.text(), false).expand(variables);
          if (isEnvironment(place.key())) {
            completed(named, variables).report(origin, reports);
          } else if (named.text().indexOf('$') < 0 && isLiteral(completed(named, variables))) {
            completed(named, variables)
                .report(origin, new Suspicions(reports, origin, "it is the value of a parameter"));
          }
        }
      }
    }
  }

  /** A parameter is no variable: only what is an image by its own looks counts. */
  private static boolean isLiteral(NamedValue value) {
    ImageText image = ImageText.of(value.text());
    return image.isUnmistakable()
        || (image.isVersioned() && isForImages(KeyName.of(value.name())) && !image.isHostAndPort());
  }

  private static boolean isForImages(KeyName name) {
    return name.namesImage() || name.mentionsImages();
  }

  private static void checkMap(Place place, Node.Mapping map, Reports reports) {
    Map<String, String> variables = new LinkedHashMap<>();
    map.values().keySet().forEach(key -> variables.put(key, map.text(key)));
    for (String key : variables.keySet()) {
      if (map.values().get(key) instanceof Node.Scalar value && value.isText()) {
        var origin = place.under(key).origin(value.line(), RuleNames.ENVIRONMENT);
        var named = new NamedValue(key, value.text(), false).expand(variables);
        completed(named, variables).report(origin, reports);
      }
    }
  }

  /** The variables of a container, for the arguments that refer to them. */
  static Map<String, String> variables(@Nullable Node env) {
    Map<String, String> variables = new LinkedHashMap<>();
    List<Node> items = env instanceof Node.Sequence list ? list.items() : List.of();
    for (Node item : items) {
      if (item instanceof Node.Mapping mapping && !mapping.text("value").isEmpty()) {
        variables.put(mapping.text("name"), mapping.text("value"));
      }
    }
    return variables;
  }

  /**
   * An image without version gets the one of {@code X_IMAGE_TAG}, {@code X_TAG}, {@code X_VERSION}
   * or {@code x.image.tag}.
   */
  private static NamedValue completed(NamedValue value, Map<String, String> variables) {
    ImageText image = ImageText.of(value.text());
    if (image.reference() == null
        || image.isVersioned()
        || !KeyName.of(value.name()).mentionsImages()) {
      return value;
    }
    var match = REPOSITORY.matcher(value.name());
    String stem = match.matches() ? match.group(1) : value.name();
    String owner = stem.replaceFirst("(?i)_?IMAGE$", "");
    for (String tag :
        List.of(
            stem + "_TAG", stem + "_VERSION", owner + "_TAG", owner + "_VERSION", stem + ".tag")) {
      String version = variables.getOrDefault(tag, "");
      if (!version.isEmpty()) {
        return new NamedValue(value.name(), value.text() + ":" + version, false);
      }
    }
    return value;
  }
}
