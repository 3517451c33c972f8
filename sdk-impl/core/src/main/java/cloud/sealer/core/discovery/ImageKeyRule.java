package cloud.sealer.core.discovery;

import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes what stands under {@code image} for an image: certainly in a pod, and elsewhere if it can
 * be one. What stands under a key that only ends like it is suspected.
 */
final class ImageKeyRule implements Rule {
  private static final Set<String> CONTAINER_LISTS =
      Set.of("containers", "initContainers", "ephemeralContainers");
  private static final Pattern LIKE_IMAGE =
      Pattern.compile(".*image(?:[-_]?(?:name|ref|reference|url))?", Pattern.CASE_INSENSITIVE);

  @Override
  public void check(Place place, Node.Mapping mapping, ImageDiscoverer.Sink sink) {
    boolean container = CONTAINER_LISTS.contains(place.listKey());
    for (Map.Entry<String, Node> entry : mapping.values().entrySet()) {
      String key = entry.getKey();
      if (key.equals("image")) {
        checkImage(place.under(key), entry.getValue(), container, sink);
      } else if (LIKE_IMAGE.matcher(key).matches()
          && entry.getValue() instanceof Node.Scalar value) {
        checkLike(place.under(key), value, sink);
      }
    }
    // An image volume: volumes[].image.reference, since Kubernetes 1.31.
    if (place.listKey().equals("volumes")
        && mapping.values().get("image") instanceof Node.Mapping image
        && image.values().get("reference") instanceof Node.Scalar reference) {
      checkPod(place.under("image").under("reference"), reference, sink);
    }
  }

  private static void checkImage(
      Place place, Node node, boolean container, ImageDiscoverer.Sink sink) {
    String rule = container ? RuleNames.POD_SPEC : RuleNames.IMAGE_KEY;
    if (node instanceof Node.Mapping mapping && !mapping.complexKey().isEmpty()) {
      // Unquoted {{ .Values.image }} is a mapping with a mapping as its key to YAML.
      String text = "{{ " + mapping.complexKey() + " }}";
      sink.unresolved(text, place.origin(node.line(), rule), ImageText.of(text).problem());
    } else if (node instanceof Node.Scalar scalar) {
      if (container) {
        checkPod(place, scalar, sink);
      } else {
        checkOther(place, scalar, sink);
      }
    }
  }

  private static void checkPod(Place place, Node.Scalar value, ImageDiscoverer.Sink sink) {
    ImageText image = ImageText.of(value.isEmpty() ? "" : value.text());
    var origin = place.origin(value.line(), RuleNames.POD_SPEC);
    if (!value.isText() && !value.isEmpty()) {
      sink.unresolved(image.text(), origin, "it is not a text but a number or truth value");
    } else if (image.reference() != null) {
      sink.found(image.reference(), origin);
    } else {
      sink.unresolved(image.text(), origin, image.problem());
    }
  }

  private static void checkOther(Place place, Node.Scalar value, ImageDiscoverer.Sink sink) {
    ImageText image = ImageText.of(value.text());
    if (!value.isText() || value.isEmpty() || image.isProse()) {
      return;
    }
    var origin = place.origin(value.line(), RuleNames.IMAGE_KEY);
    if (image.reference() != null) {
      sink.found(image.reference(), origin);
    } else if (image.kind() == ImageText.Kind.TEMPLATE) {
      sink.unresolved(image.text(), origin, image.problem());
    } else {
      sink.suspected(image.text(), origin, image.problem());
    }
  }

  private static void checkLike(Place place, Node.Scalar value, ImageDiscoverer.Sink sink) {
    ImageText image = ImageText.of(value.text());
    if (value.isText() && image.isVersioned()) {
      sink.suspected(
          image.text(),
          place.origin(value.line(), RuleNames.IMAGE_LIKE_KEY),
          "its key \"" + place.key() + "\" may name an image");
    }
  }
}
