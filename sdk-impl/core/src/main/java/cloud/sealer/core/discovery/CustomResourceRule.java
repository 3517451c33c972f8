package cloud.sealer.core.discovery;

import cloud.sealer.sdk.ImageOrigin;
import java.util.List;

/**
 * Finds the images of kinds that {@link ImageRules} knows, and keeps other rules from what they
 * ignore.
 */
final class CustomResourceRule implements Rule {
  private static final String DOCKER_URL = "docker://";

  private final ImageRules rules;
  private final TextParser parser = new TextParser();

  CustomResourceRule(ImageRules rules) {
    this.rules = rules;
  }

  @Override
  public void check(Place place, Node.Mapping mapping, Reports reports) {
    if (!place.root() || place.object().kind().isEmpty()) {
      return;
    }
    String name =
        mapping.values().get("metadata") instanceof Node.Mapping metadata
            ? metadata.text("name")
            : "";
    for (ImageRule rule : rules.list()) {
      if (rule.matches(place.object(), name)) {
        apply(rule, place, mapping, reports);
      }
    }
  }

  private void apply(ImageRule rule, Place place, Node.Mapping mapping, Reports reports) {
    for (RulePath path : rule.ignored()) {
      path.find(place, mapping, parser::node).forEach(match -> reports.ignore(match.place()));
    }
    List<RulePath.Match> starts =
        rule.at() == null
            ? List.of(new RulePath.Match(place, mapping, 0))
            : rule.at().find(place, mapping, parser::node);
    for (RulePath.Match start : starts) {
      for (List<ImageTemplate> spellings : rule.images()) {
        for (ImageTemplate spelling : spellings) {
          List<ImageTemplate.Match> images =
              spelling.find(start.place(), start.node(), parser::node);
          if (!images.isEmpty()) {
            images.forEach(image -> report(image, reports));
            break;
          }
        }
      }
    }
  }

  private static void report(ImageTemplate.Match match, Reports reports) {
    String text =
        match.text().startsWith(DOCKER_URL)
            ? match.text().substring(DOCKER_URL.length())
            : match.text();
    ImageText image = ImageText.of(text);
    ImageOrigin origin = match.place().origin(match.line(), RuleNames.CUSTOM_RESOURCE);
    if (image.reference() != null) {
      reports.found(image.reference(), origin);
    } else {
      reports.unresolved(image.text(), origin, image.problem());
    }
    match.places().forEach(place -> reports.claim(place, RuleNames.CUSTOM_RESOURCE));
  }
}
