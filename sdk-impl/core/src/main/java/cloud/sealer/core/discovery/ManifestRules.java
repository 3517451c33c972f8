package cloud.sealer.core.discovery;

import java.util.ArrayList;
import java.util.List;

/**
 * The rules in the order in which they claim what they know: from the exact to the guessing ones.
 */
final class ManifestRules {
  private ManifestRules() {}

  static List<Rule> with(ImageRules data) {
    List<Rule> simple =
        List.of(
            new CustomResourceRule(data),
            new ImageKeyRule(),
            new ImageGroupRule(),
            new EnvironmentRule(),
            new ArgumentRule());
    List<Rule> rules = List.of();
    for (int depth = 0; depth <= EmbeddedTextRule.MAX_DEPTH; depth++) {
      List<Rule> all = new ArrayList<>(simple);
      if (depth > 0) {
        all.add(new EmbeddedTextRule(rules));
      }
      all.add(new PlainValueRule());
      rules = List.copyOf(all);
    }
    return rules;
  }
}
