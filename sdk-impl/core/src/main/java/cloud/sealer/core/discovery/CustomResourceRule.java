package cloud.sealer.core.discovery;

import cloud.sealer.sdk.ImageOrigin;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds the images of kinds that {@link ImageRules} knows, and keeps other rules from what they
 * ignore.
 */
final class CustomResourceRule implements Rule {
  /** What may stand before an image: a scheme, or the name that it replaces. */
  private static final Pattern PREFIX = Pattern.compile("(?:docker|oci)://|[^=@]+=");

  /** What is fetched from elsewhere than a registry. */
  private static final Pattern ELSEWHERE = Pattern.compile("(?:https?|file|s3|gs)://.*");

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
    for (RulePath path : rule.doubted()) {
      path.find(place, mapping, parser::node).forEach(match -> reports.doubt(match.place()));
    }
    List<RulePath.Match> starts =
        rule.at() == null
            ? List.of(new RulePath.Match(place, mapping, 0))
            : rule.at().find(place, mapping, parser::node);
    boolean named = false;
    for (RulePath.Match start : starts) {
      boolean namedHere = false;
      for (List<ImageTemplate> spellings : rule.images()) {
        for (ImageTemplate spelling : spellings) {
          List<ImageTemplate.Match> images =
              spelling.find(start.place(), start.node(), parser::node);
          if (!images.isEmpty()) {
            images.forEach(image -> report(image, reports));
            namedHere = true;
            break;
          }
        }
      }
      named |= namedHere;
      if (!namedHere && rule.mention() != null) {
        mention(rule.mention(), start, reports);
      }
    }
    if (!named && !rule.hidden().isEmpty()) {
      reports.suspected(
          rule.hidden(),
          place.under("spec").origin(mapping.line(), RuleNames.CUSTOM_RESOURCE),
          "its controller chooses images that stand nowhere; name them in manifests/imageList");
    }
  }

  private void mention(ImageRule.Mention mention, RulePath.Match start, Reports reports) {
    for (List<RulePath> paths : mention.paths()) {
      for (RulePath path : paths) {
        List<RulePath.Match> matches = path.find(start.place(), start.node(), parser::node);
        for (RulePath.Match match : matches) {
          if (match.node() instanceof Node.Scalar value
              && !value.isEmpty()
              && mention.isLike(value.text().strip())) {
            ImageOrigin origin = match.place().origin(match.line(), RuleNames.CUSTOM_RESOURCE);
            reports.suspected(value.text().strip(), origin, mention.because());
          }
        }
        if (!matches.isEmpty()) {
          break;
        }
      }
    }
  }

  private static void report(ImageTemplate.Match match, Reports reports) {
    if (ELSEWHERE.matcher(match.text()).matches()) {
      return;
    }
    String text = PREFIX.matcher(match.text()).replaceFirst("");
    // A version such as v1.27.4+k3s1 is the tag v1.27.4-k3s1, because a tag has no plus sign.
    ImageText image = ImageText.of(text.replace('+', '-'));
    ImageOrigin origin = match.place().origin(match.line(), RuleNames.CUSTOM_RESOURCE);
    if (image.reference() != null) {
      reports.found(image.reference(), origin);
    } else {
      reports.unresolved(text, origin, image.problem());
    }
    match.places().forEach(place -> reports.claim(place, RuleNames.CUSTOM_RESOURCE));
  }
}
