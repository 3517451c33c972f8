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
 * artifacthub.io/images}</a>.
 */
final class AnnotatedImages {
  private static final List<String> NAMES = List.of("helm.sh/images", "artifacthub.io/images");
  private static final String RULE = ChartSink.RULE + "annotation";

  private AnnotatedImages() {}

  static void report(FoundChart chart, ImageDiscoverer.Sink sink) {
    for (String name : NAMES) {
      String text = chart.metadata().annotations().getOrDefault(name, "");
      String path = "annotations[\"" + name + "\"]";
      if (text.isBlank()) {
        continue;
      }
      try {
        if (ChartMetadata.yaml(text) instanceof List<?> items) {
          for (int i = 0; i < items.size(); i++) {
            report(items.get(i), origin(chart, path + "[" + i + "]"), sink);
          }
          continue;
        }
      } catch (YAMLException e) {
        // Said below: whatever it is, it is no list of images.
      }
      sink.unresolved(text, origin(chart, path), "the annotation is no list of images");
    }
  }

  private static void report(Object item, ImageOrigin origin, ImageDiscoverer.Sink sink) {
    Object value = item instanceof Map<?, ?> map ? map.get("image") : item;
    String text = value == null ? "" : value.toString();
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
