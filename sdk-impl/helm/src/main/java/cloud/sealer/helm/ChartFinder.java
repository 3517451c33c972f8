package cloud.sealer.helm;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the charts below {@code charts/}: directories with a {@code Chart.yaml}, and packed ones;
 * with the values files beside them. Charts in the {@code charts/} of another are its parts and are
 * not found.
 */
final class ChartFinder {
  static final RootfsPath DIRECTORY = RootfsPath.of("charts");

  private static final String VALUES = ".values.yaml";

  private final FileTree files;
  private final LinkedFiles linked;
  private final Consumer<String> notices;
  private final TreeSet<RootfsPath> directories = new TreeSet<>();

  ChartFinder(FileTree files, Consumer<String> notices) {
    this.files = files;
    this.linked = new LinkedFiles(files, notices);
    this.notices = notices;
  }

  /** The charts, sorted by path. */
  List<FoundChart> find() {
    List<FileTree.Entry> below =
        files.entries().stream().filter(entry -> entry.path().startsWith(DIRECTORY)).toList();
    for (FileTree.Entry entry : below) {
      if (entry.path().name().equals(ChartMetadata.FILE) && linked.content(entry) != null) {
        directories.add(entry.path().parent());
      }
    }
    List<FoundChart> charts = new ArrayList<>();
    for (RootfsPath directory : directories) {
      if (!isPart(directory)) {
        charts.add(chart(directory, false, linked.below(directory)));
      }
    }
    for (FileTree.Entry entry : below) {
      FileTree.@Nullable Content content = linked.content(entry);
      if (content != null && PackedChart.isPacked(entry.path().name()) && !isPart(entry.path())) {
        packed(entry.path(), content).ifPresent(charts::add);
      }
    }
    below.forEach(entry -> addValues(entry, charts));
    charts.sort(Comparator.comparing(FoundChart::path));
    return charts;
  }

  private boolean isPart(RootfsPath path) {
    return directories.stream()
        .anyMatch(chart -> !chart.equals(path) && path.startsWith(chart.resolve("charts")));
  }

  private static FoundChart chart(RootfsPath path, boolean packed, List<ChartFile> files) {
    return new FoundChart(path, packed, ChartMetadata.of(path, files), files, List.of());
  }

  private Optional<FoundChart> packed(RootfsPath path, FileTree.Content content) {
    List<ChartFile> unpacked;
    try {
      unpacked = new ArrayList<>(PackedChart.read(content));
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.RENDER_FAILED, path + ": cannot be unpacked: " + e.getMessage())
          .cause(e)
          .remedy("pack the chart again with helm package, or leave the file out of charts/")
          .detail("chart", path)
          .build();
    }
    if (unpacked.stream().noneMatch(file -> file.path().equals(ChartMetadata.FILE))) {
      if (directories.stream().noneMatch(path::startsWith)) {
        notices.accept(path + " holds no Chart.yaml and was not searched for images");
      }
      return Optional.empty();
    }
    // It had its effect when the chart was packed.
    unpacked.removeIf(file -> file.path().equals(".helmignore"));
    return Optional.of(chart(path, true, unpacked));
  }

  private void addValues(FileTree.Entry entry, List<FoundChart> charts) {
    RootfsPath path = entry.path();
    FileTree.@Nullable Content content = linked.content(entry);
    boolean inChart =
        directories.stream().anyMatch(d -> path.startsWith(d) && !d.equals(DIRECTORY));
    if (content == null || !path.name().endsWith(VALUES) || inChart) {
      return;
    }
    String stem = path.name().substring(0, path.name().length() - VALUES.length());
    charts.stream()
        .filter(chart -> chart.path().parent().equals(path.parent()) && chart.matches(stem) > 0)
        .max(Comparator.comparingInt(chart -> chart.matches(stem)))
        .ifPresentOrElse(
            chart -> chart.values().add(new ChartFile(path.value(), content)),
            () -> notices.accept(path + " is for no chart beside it and was not used"));
  }
}
