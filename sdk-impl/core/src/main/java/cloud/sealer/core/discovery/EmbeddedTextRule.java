package cloud.sealer.core.discovery;

import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.util.Map;

/**
 * Suspects images in the texts of a ConfigMap, such as a pod template that a controller injects.
 * Whether a controller reads them as a manifest cannot be known.
 */
final class EmbeddedTextRule implements Rule {
  private static final String REASON = "it stands in a text of a ConfigMap";

  @Override
  public void check(Place place, Node.Mapping mapping, ImageDiscoverer.Sink sink) {
    boolean data = place.key().equals("data") && place.parent() != null && place.parent().root();
    if (!data || !place.object().kind().equals("ConfigMap")) {
      return;
    }
    for (Map.Entry<String, Node> entry : mapping.values().entrySet()) {
      if (entry.getValue() instanceof Node.Scalar text && text.text().indexOf('\n') >= 0) {
        ImageOrigin origin =
            place.under(entry.getKey()).origin(text.line(), RuleNames.EMBEDDED_TEXT);
        new LineRule((value, line, block) -> suspect(value, origin, sink)).read(text.text(), 1);
      }
    }
  }

  private static void suspect(ImageText value, ImageOrigin origin, ImageDiscoverer.Sink sink) {
    if (value.kind() == ImageText.Kind.IMAGE || value.kind() == ImageText.Kind.TEMPLATE) {
      sink.suspected(value.text(), origin, REASON);
    }
  }
}
