package cloud.sealer.helm;

import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads the lists of images that authors write into the annotations of {@code Chart.yaml}: {@code
 * helm.sh/images} and <a href="https://artifacthub.io/docs/topics/annotations/helm/">{@code
 * artifacthub.io/images}</a>. What stands under plain {@code images} is no more than suspected,
 * because it is what the chart can ever need, with whatever values.
 */
final class AnnotatedImages {
  private static final List<String> NAMES = List.of("helm.sh/images", "artifacthub.io/images");
  private static final String POSSIBLE = "images";
  private static final String RULE = ChartSink.RULE + "annotation";

  private AnnotatedImages() {}

  static void report(FoundChart chart, ImageDiscoverer.Sink sink) {
    for (String name : NAMES) {
      String text = chart.metadata().annotations().getOrDefault(name, "");
      String path = "annotations[\"" + name + "\"]";
      if (text.isBlank()) {
        continue;
      }
      List<?> items = list(text);
      if (items.isEmpty()) {
        sink.unresolved(text, origin(chart, path), "the annotation is no list of images");
      }
      for (int i = 0; i < items.size(); i++) {
        report(text(items.get(i)), origin(chart, path + "[" + i + "]"), sink);
      }
    }
    for (Object item : list(chart.metadata().annotations().getOrDefault(POSSIBLE, ""))) {
      sink.suspected(
          text(item),
          origin(chart, "annotations." + POSSIBLE),
          "the chart may need it with other values");
    }
  }

  /** The items of a list; none if the text is no list or an empty one. */
  private static List<?> list(String text) {
    try {
      return ChartMetadata.yaml(text) instanceof List<?> items ? items : List.of();
    } catch (YAMLException e) {
      return List.of();
    }
  }

  private static String text(Object item) {
    Object value = item instanceof Map<?, ?> map ? map.get("image") : item;
    return value == null ? "" : value.toString();
  }

  private static void report(String text, ImageOrigin origin, ImageDiscoverer.Sink sink) {
    try {
      sink.found(Reference.parse(text), origin);
    } catch (IllegalArgumentException e) {
      sink.unresolved(text, origin, "it is no name of an image");
    }
  }

  private static ImageOrigin origin(FoundChart chart, String path) {
    return new ImageOrigin(chart.chartYaml(), 0, "", path, 0, RULE);
  }
}
