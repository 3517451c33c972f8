package cloud.sealer.helm;

import cloud.sealer.core.discovery.ManifestDiscoverer;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ChartRenderer;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds images in the charts below {@code charts/}, unpacked and packed: renders them and looks
 * into the manifests, and reads the annotations that list images, of the charts and of their
 * sub-charts.
 *
 * <p>A chart is rendered with its own values, or, if there are files {@code <chart>.values.yaml} or
 * {@code <chart>.<any name>.values.yaml} beside it, once with each of them, and what is found is
 * put together. {@code <chart>} is the name of the directory or archive, or of the chart. A chart
 * that cannot be rendered is an error.
 */
public final class ChartDiscoverer implements ImageDiscoverer {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final ChartRenderer renderer;
  private final Duration timeout;
  private final ManifestDiscoverer manifests = new ManifestDiscoverer();

  /** With the engine of this SDK. */
  public ChartDiscoverer() {
    this(new HelmJvmRenderer(), TIMEOUT);
  }

  /**
   * With another renderer.
   *
   * @param renderer the renderer
   * @param timeout how long a chart may take
   */
  public ChartDiscoverer(ChartRenderer renderer, Duration timeout) {
    this.renderer = renderer;
    this.timeout = timeout;
  }

  @Override
  public void discover(FileTree files, Sink sink) {
    try (TemporaryDirectory scratch = TemporaryDirectory.ofSystem()) {
      discover(files, new Surroundings(scratch.path(), Optional.empty(), List.of()), sink);
    }
  }

  @Override
  public void discover(FileTree files, Surroundings surroundings, Sink sink) {
    List<FoundChart> charts = new ChartFinder(files, sink::notice).find();
    if (charts.isEmpty()) {
      return;
    }
    try (ChartRenderer.Session session = renderer.charts(surroundings.scratch())) {
      for (FoundChart chart : charts) {
        new AnnotatedImages(chart.metadata(), chart.chartYaml(), "").report(sink);
        if (!chart.metadata().kubernetesVersions().isBlank()) {
          sink.needsKubernetes(chart.metadata().kubernetesVersions(), chart.chartYaml());
        }
        if (chart.metadata().library()) {
          sink.notice(chart.path() + " is a library chart, which names no images by itself");
        } else {
          render(chart, files, surroundings, session, sink);
        }
      }
    }
  }

  private void render(
      FoundChart chart,
      FileTree files,
      Surroundings surroundings,
      ChartRenderer.Session session,
      Sink sink) {
    SubCharts parts = new SubCharts(chart);
    if (chart.values().isEmpty()) {
      String label = chart.path().value();
      render(chart, parts, label, Optional.empty(), files, surroundings, session, sink);
    }
    for (ChartFile values : chart.values()) {
      String label = chart.path() + " with " + values.path();
      render(chart, parts, label, Optional.of(text(values)), files, surroundings, session, sink);
    }
    parts.report(sink);
  }

  private void render(
      FoundChart chart,
      SubCharts parts,
      String label,
      Optional<String> values,
      FileTree files,
      Surroundings surroundings,
      ChartRenderer.Session session,
      Sink sink) {
    List<ChartRenderer.Document> documents =
        session.render(
            new ChartRenderer.Request(
                tree(parts),
                label,
                values,
                surroundings.kubernetesVersion(),
                surroundings.apiVersions(),
                timeout));
    manifests.discover(files, byTemplate(parts.rest(documents)), new ChartSink(chart, sink));
  }

  private static String text(ChartFile values) {
    try {
      return new String(values.bytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_CONTEXT, "cannot read " + values.path() + ": " + e.getMessage())
          .cause(e)
          .build();
    }
  }

  private static FileTree tree(SubCharts parts) {
    List<FileTree.Entry> entries =
        parts.files().stream()
            .map(f -> FileTree.Entry.file(RootfsPath.of(f.path()), 0644, 0, f.content()))
            .toList();
    return () -> entries;
  }

  /** Helm sorts documents by kind; here those of one template come together again. */
  private static Map<RootfsPath, FileTree.Content> byTemplate(
      List<ChartRenderer.Document> documents) {
    Map<RootfsPath, StringBuilder> texts = new LinkedHashMap<>();
    for (ChartRenderer.Document document : documents) {
      texts
          .computeIfAbsent(RootfsPath.of(document.template()), path -> new StringBuilder())
          .append("---\n")
          .append(document.text());
    }
    Map<RootfsPath, FileTree.Content> contents = new LinkedHashMap<>();
    texts.forEach(
        (path, text) -> {
          byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
          contents.put(path, () -> new ByteArrayInputStream(bytes));
        });
    return contents;
  }
}
