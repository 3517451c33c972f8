package cloud.sealer.core.discovery;

import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import java.util.Map;
import java.util.Set;

/**
 * Takes what stands under {@code image} for an image: certainly in a pod, and elsewhere if it can
 * be one.
 *
 * <p>What stands under a key that only ends like it, such as {@code imageName}, and has a path and
 * a version is found in a ConfigMap, whose controller reads it as it stands. In a custom resource
 * it is unresolved: a controller will use it, but no rule says how. Elsewhere it is suspected.
 */
final class ImageKeyRule implements Rule {
  private static final Set<String> CONTAINER_LISTS =
      Set.of("containers", "initContainers", "ephemeralContainers");

  private static final Set<String> PLAIN_KEYS = Set.of("image", "images");

  /** What Istio's injector replaces by its proxy; written in the pods of gateways. */
  private static final String INJECTED = "auto";

  @Override
  public void check(Place place, Node.Mapping mapping, Reports reports) {
    boolean container = CONTAINER_LISTS.contains(place.listKey());
    for (Map.Entry<String, Node> entry : mapping.values().entrySet()) {
      String key = entry.getKey();
      if (key.equals("image")) {
        checkImage(place.under(key), entry.getValue(), container, mapping, reports);
      } else if (KeyName.of(key).namesImage()) {
        if (entry.getValue() instanceof Node.Scalar value) {
          checkLike(place.under(key), key, value, reports);
        }
      } else if (KeyName.of(key).namesImages()) {
        checkAll(place.under(key), entry.getValue(), reports);
      }
    }
    // An image volume: volumes[].image.reference, since Kubernetes 1.31.
    if (place.listKey().equals("volumes")
        && mapping.values().get("image") instanceof Node.Mapping image
        && image.values().get("reference") instanceof Node.Scalar reference) {
      checkPod(place.under("image").under("reference"), reference, reports);
    }
  }

  private static void checkImage(
      Place place, Node node, boolean container, Node.Mapping around, Reports reports) {
    String rule = container ? RuleNames.POD_SPEC : RuleNames.IMAGE_KEY;
    if (node instanceof Node.Mapping mapping && !mapping.complexKey().isEmpty()) {
      // Unquoted {{ .Values.image }} is a mapping with a mapping as its key to YAML.
      String text = "{{ " + mapping.complexKey() + " }}";
      reports.unresolved(text, place.origin(node.line(), rule), ImageText.of(text).problem());
    } else if (node instanceof Node.Mapping mapping) {
      checkAll(place, mapping, reports);
    } else if (node instanceof Node.Scalar scalar) {
      if (container) {
        checkPod(place, scalar, reports);
      } else if (!ImageGroupRule.isPart(around)) {
        checkOther(place, scalar, around, reports);
      }
    }
  }

  private static void checkPod(Place place, Node.Scalar value, Reports reports) {
    ImageText image = ImageText.of(value.isEmpty() ? "" : value.text());
    var origin = place.origin(value.line(), RuleNames.POD_SPEC);
    if (!value.isText() && !value.isEmpty()) {
      reports.unresolved(image.text(), origin, "it is not a text but a number or truth value");
    } else if (image.text().equals(INJECTED)) {
      reports.suspected(image.text(), origin, "the injector of a service mesh replaces it");
    } else if (image.reference() != null) {
      reports.found(image.reference(), origin);
    } else {
      reports.unresolved(image.text(), origin, image.problem());
    }
  }

  private static void checkOther(
      Place place, Node.Scalar value, Node.Mapping around, Reports reports) {
    if (!value.isText() || value.isEmpty()) {
      return;
    }
    ImageText image = ImageText.of(value.text());
    if (image.reference() != null && !image.isVersioned()) {
      image = ImageGroupRule.withVersion(image, around);
    }
    if (image.isProse() || (image.isFile() && !image.isVersioned())) {
      return;
    }
    var origin = place.origin(value.line(), RuleNames.IMAGE_KEY);
    if (image.reference() != null) {
      reports.found(image.reference(), origin);
    } else if (image.kind() == ImageText.Kind.TEMPLATE) {
      reports.unresolved(image.text(), origin, image.problem());
    } else {
      reports.suspected(image.text(), origin, image.problem());
    }
  }

  private static void checkLike(Place place, String key, Node.Scalar value, Reports reports) {
    ImageText image = ImageText.of(withoutName(value.text()));
    boolean template = image.kind() == ImageText.Kind.TEMPLATE;
    if (!value.isText() || !(template || image.isVersioned()) || image.isHostAndPort()) {
      return;
    }
    ImageOrigin origin = place.origin(value.line(), RuleNames.IMAGE_LIKE_KEY);
    String reason = "its key \"" + key + "\" may name an image";
    Reference reference = image.reference();
    boolean uncertain = image.text().indexOf('/') <= 0 || KeyName.of(key).namesMachines();
    boolean plain = place.object().kind().equals("ConfigMap") || PLAIN_KEYS.contains(key);
    if (reference == null || uncertain) {
      reports.suspected(image.text(), origin, reason);
    } else if (plain) {
      reports.found(reference, origin);
    } else if (place.object().isCustom()) {
      reports.unresolved(
          image.text(),
          origin,
          reason
              + ", and no rule says so for "
              + place.object().kind()
              + " in "
              + place.object().group());
    } else {
      reports.suspected(image.text(), origin, reason);
    }
  }

  /** In lists, an image may follow the name that it replaces or is known by: {@code app=a/b:1}. */
  private static String withoutName(String text) {
    return text.substring(text.indexOf('=') + 1);
  }

  /** The values of {@code images: [a:1, b:2]} and of {@code images: {web: a:1}}. */
  private static void checkAll(Place place, Node node, Reports reports) {
    if (node instanceof Node.Sequence sequence) {
      for (int i = 0; i < sequence.items().size(); i++) {
        if (sequence.items().get(i) instanceof Node.Scalar value) {
          checkLike(place.item(i), place.key(), value, reports);
        }
      }
    } else if (node instanceof Node.Mapping mapping) {
      for (Map.Entry<String, Node> entry : mapping.values().entrySet()) {
        if (entry.getValue() instanceof Node.Scalar value
            && !ImageGroupRule.isPart(entry.getKey())) {
          checkLike(place.under(entry.getKey()), place.key(), value, reports);
        }
      }
    }
  }
}
