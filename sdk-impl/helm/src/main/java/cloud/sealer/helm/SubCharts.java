package cloud.sealer.helm;

import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ChartRenderer;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The charts within a chart whose {@code Chart.yaml} lists images or asks for versions of
 * Kubernetes. What it says counts if the values enable the sub-chart.
 *
 * <p>Whether they do is for Helm to say, which knows conditions, tags and aliases: each of these
 * sub-charts gets one more template, whose document comes out with it. Not thread-safe.
 */
final class SubCharts {
  private static final String TEMPLATE = "templates/zz-sealer-chart.yaml";
  private static final Pattern CHART = Pattern.compile("((?:charts/[^/._][^/]*/)+)Chart\\.yaml");
  private static final Pattern MARK = Pattern.compile("sealerSubChart: (\\d+)\\s*");

  private final FoundChart chart;
  private final List<ChartFile> files;
  private final List<SubChart> all = new ArrayList<>();
  private final Set<SubChart> enabled = new HashSet<>();

  private record SubChart(String directory, ChartMetadata metadata) {}

  SubCharts(FoundChart chart) {
    this.chart = chart;
    List<ChartFile> unpacked;
    try {
      unpacked = CompleteChart.unpacked(chart.files());
    } catch (IOException e) {
      unpacked = List.of(); // who renders it says what is wrong with it
    }
    for (ChartFile file : unpacked) {
      Matcher path = CHART.matcher(file.path());
      if (path.matches()) {
        add(path.group(1), file);
      }
    }
    if (all.isEmpty()) {
      files = chart.files();
    } else {
      files = new ArrayList<>(unpacked);
      for (int i = 0; i < all.size(); i++) {
        files.add(ChartFile.of(all.get(i).directory + TEMPLATE, "sealerSubChart: " + i + "\n"));
      }
    }
  }

  private void add(String directory, ChartFile file) {
    try {
      ChartFile alone = new ChartFile(ChartMetadata.FILE, file.content());
      ChartMetadata metadata = ChartMetadata.of(chart.path(), List.of(alone));
      if (!metadata.kubernetesVersions().isBlank() || AnnotatedImages.areIn(metadata)) {
        all.add(new SubChart(directory, metadata));
      }
    } catch (SealerException e) {
      return; // who renders it says what is wrong with it
    }
  }

  /** The files of the chart, as they are to be rendered. */
  List<ChartFile> files() {
    return files;
  }

  /** Takes note of the sub-charts in what was rendered, and returns the rest of it. */
  List<ChartRenderer.Document> rest(List<ChartRenderer.Document> documents) {
    List<ChartRenderer.Document> rest = new ArrayList<>();
    for (ChartRenderer.Document document : documents) {
      Matcher mark = MARK.matcher(document.text());
      if (document.template().endsWith("/" + TEMPLATE) && mark.matches()) {
        enabled.add(all.get(Integer.parseInt(mark.group(1))));
      } else {
        rest.add(document);
      }
    }
    return rest;
  }

  /** Reports what they say, after all renders: those that none of them had are in doubt. */
  void report(ImageDiscoverer.Sink sink) {
    for (SubChart one : all) {
      String path = one.directory + ChartMetadata.FILE;
      boolean isFile =
          !chart.packed() && chart.files().stream().anyMatch(file -> file.path().equals(path));
      RootfsPath file = isFile ? chart.path().resolve(path) : chart.chartYaml();
      AnnotatedImages images =
          new AnnotatedImages(one.metadata, file, isFile ? "" : CompleteChart.packed(path) + " ");
      if (enabled.contains(one)) {
        images.report(sink);
        if (!one.metadata.kubernetesVersions().isBlank()) {
          sink.needsKubernetes(one.metadata.kubernetesVersions(), file);
        }
      } else {
        images.suspect("no values enable the sub-chart that lists it", sink);
      }
    }
  }
}
