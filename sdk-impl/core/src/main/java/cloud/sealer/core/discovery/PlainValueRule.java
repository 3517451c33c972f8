package cloud.sealer.core.discovery;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Suspects every other value that can only be the name of an image, whatever it stands under; also
 * with a scheme that says it is in a registry, as WebAssembly plugins have it.
 */
final class PlainValueRule implements Rule {
  private static final Pattern SCHEME = Pattern.compile("(?:docker|oci|registry)://");

  @Override
  public void check(Place place, Node.Mapping mapping, Reports reports) {
    for (Map.Entry<String, Node> entry : mapping.values().entrySet()) {
      Place at = place.under(entry.getKey());
      if (entry.getValue() instanceof Node.Scalar value) {
        checkValue(at, value, reports);
      } else if (entry.getValue() instanceof Node.Sequence list) {
        for (int i = 0; i < list.items().size(); i++) {
          if (list.items().get(i) instanceof Node.Scalar value) {
            checkValue(at.item(i), value, reports);
          }
        }
      }
    }
  }

  private static void checkValue(Place place, Node.Scalar value, Reports reports) {
    if (value.isText() && value.text().indexOf('/') > 0) {
      ImageText image = ImageText.of(SCHEME.matcher(value.text()).replaceFirst(""));
      if (image.isUnmistakable()) {
        reports.suspected(
            image.text(),
            place.origin(value.line(), RuleNames.PLAIN_VALUE),
            "it looks like an image");
      }
    }
  }
}
