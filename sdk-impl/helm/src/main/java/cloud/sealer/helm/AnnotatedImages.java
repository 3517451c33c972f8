package cloud.sealer.helm;

import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads the lists of images that authors write into the annotations of {@code Chart.yaml}: {@code
 * helm.sh/images} and <a href="https://artifacthub.io/docs/topics/annotations/helm/">{@code
 * artifacthub.io/images}</a>. What stands under plain {@code images} is no more than suspected,
 * because it is what the chart can ever need, with whatever values.
 *
 * @param chart the chart
 * @param file the file that origins name
 * @param prefix what goes before the path in origins
 */
record AnnotatedImages(ChartMetadata chart, RootfsPath file, String prefix) {
  private static final List<String> NAMES = List.of("helm.sh/images", "artifacthub.io/images");
  private static final String POSSIBLE = "images";
  private static final String RULE = ChartSink.RULE + "annotation";

  static boolean areIn(ChartMetadata chart) {
    return chart.annotations().containsKey(POSSIBLE)
        || NAMES.stream().anyMatch(chart.annotations()::containsKey);
  }

  /** Reports what a chart lists that is installed. */
  void report(ImageDiscoverer.Sink sink) {
    for (String name : NAMES) {
      String text = chart.annotations().getOrDefault(name, "");
      if (text.isBlank()) {
        continue;
      }
      List<?> items = list(text);
      if (items.isEmpty()) {
        sink.unresolved(text, origin(path(name)), "the annotation is no list of images");
      }
      for (int i = 0; i < items.size(); i++) {
        report(text(items.get(i)), origin(path(name) + "[" + i + "]"), sink);
      }
    }
    suspect(POSSIBLE, "annotations." + POSSIBLE, "the chart may need it with other values", sink);
  }

  /** Reports what a chart lists that is not installed, as no more than suspected. */
  void suspect(String reason, ImageDiscoverer.Sink sink) {
    for (String name : NAMES) {
      suspect(name, path(name), reason, sink);
    }
    suspect(POSSIBLE, "annotations." + POSSIBLE, reason, sink);
  }

  private void suspect(String name, String path, String reason, ImageDiscoverer.Sink sink) {
    for (Object item : list(chart.annotations().getOrDefault(name, ""))) {
      sink.suspected(text(item), origin(path), reason);
    }
  }

  private static String path(String name) {
    return "annotations[\"" + name + "\"]";
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

  private ImageOrigin origin(String path) {
    return new ImageOrigin(file, 0, "", prefix + path, 0, RULE);
  }
}
