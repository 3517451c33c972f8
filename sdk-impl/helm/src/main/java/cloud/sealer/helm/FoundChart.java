package cloud.sealer.helm;

import cloud.sealer.sdk.RootfsPath;
import java.util.ArrayList;
import java.util.List;

/**
 * A chart of the rootfs.
 *
 * @param path its directory, or the archive it is packed in
 * @param packed whether it is packed
 * @param metadata its {@code Chart.yaml}
 * @param files its files
 * @param values the values files beside it, each for a render of its own
 */
record FoundChart(
    RootfsPath path,
    boolean packed,
    ChartMetadata metadata,
    List<ChartFile> files,
    List<ChartFile> values) {
  FoundChart {
    values = new ArrayList<>(values);
  }

  /** The file that stands for the whole chart. */
  RootfsPath chartYaml() {
    return packed ? path : path.resolve("Chart.yaml");
  }

  /**
   * How specifically a values file is for this chart.
   *
   * @param stem the name of the values file without {@code .values.yaml}
   * @return the length of the part that names the chart; 0 if it is not for this chart
   */
  int matches(String stem) {
    int best = 0;
    String name = path.name().replaceFirst("\\.(tgz|tar\\.gz)$", "");
    for (String base : List.of(name, metadata.name())) {
      if (!base.isEmpty() && (stem.equals(base) || stem.startsWith(base + "."))) {
        best = Math.max(best, base.length());
      }
    }
    return best;
  }
}
