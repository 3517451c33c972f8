package cloud.sealer.helm;

import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.util.Set;
import java.util.stream.Collectors;

/** Says of what was found in rendered text which file of the chart it comes from. */
final class ChartSink implements ImageDiscoverer.Sink {
  /** What the names of all rules for charts begin with. */
  static final String RULE = "chart-";

  private final FoundChart chart;
  private final Set<String> files;
  private final ImageDiscoverer.Sink sink;

  ChartSink(FoundChart chart, ImageDiscoverer.Sink sink) {
    this.chart = chart;
    this.files = chart.files().stream().map(ChartFile::path).collect(Collectors.toSet());
    this.sink = sink;
  }

  @Override
  public void found(Reference image, ImageOrigin origin) {
    sink.found(image, inChart(origin));
  }

  @Override
  public void suspected(String text, ImageOrigin origin, String reason) {
    sink.suspected(text, inChart(origin), reason);
  }

  @Override
  public void unresolved(String text, ImageOrigin origin, String reason) {
    sink.unresolved(text, inChart(origin), reason);
  }

  @Override
  public void notice(String message) {
    sink.notice(chart.path() + ": " + message);
  }

  @Override
  public void needsKubernetes(String range, RootfsPath file) {
    sink.needsKubernetes(range, file);
  }

  /**
   * The template begins with the name of the chart. Its line is left out: it is one of the rendered
   * text. A template of a packed chart or sub-chart, or of one with another name than its
   * directory, is no file of the rootfs; it goes before the path in the document.
   */
  private ImageOrigin inChart(ImageOrigin origin) {
    String template = origin.file().value();
    String inChart = template.substring(template.indexOf('/') + 1);
    boolean isFile = !chart.packed() && files.contains(inChart);
    return new ImageOrigin(
        isFile ? chart.path().resolve(inChart) : chart.chartYaml(),
        origin.document(),
        origin.object(),
        isFile ? origin.path() : (inChart + " " + origin.path()).strip(),
        0,
        RULE + origin.rule());
  }
}
