package cloud.sealer.core.build;

import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.DiscoveryReport.Finding;
import cloud.sealer.sdk.DiscoveryReport.Found;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Makes one report of those for several platforms, whose files are mostly the same. */
final class MergedReports {
  private MergedReports() {}

  static DiscoveryReport of(List<DiscoveryReport> reports) {
    if (reports.stream().distinct().count() == 1) {
      return reports.get(0);
    }
    Map<Reference, Set<ImageOrigin>> found = new TreeMap<>();
    for (DiscoveryReport report : reports) {
      for (Found image : report.found()) {
        found.computeIfAbsent(image.image(), key -> new LinkedHashSet<>()).addAll(image.origins());
      }
    }
    return new DiscoveryReport(
        found.entrySet().stream()
            .map(entry -> new Found(entry.getKey(), List.copyOf(entry.getValue())))
            .toList(),
        findings(reports, DiscoveryReport::suspected),
        findings(reports, DiscoveryReport::excluded),
        findings(reports, DiscoveryReport::unresolved));
  }

  private static List<Finding> findings(
      List<DiscoveryReport> reports, Function<DiscoveryReport, List<Finding>> kind) {
    Map<String, Finding> merged = new TreeMap<>();
    for (DiscoveryReport report : reports) {
      for (Finding finding : kind.apply(report)) {
        merged.merge(finding.text() + '\0' + finding.reason(), finding, MergedReports::together);
      }
    }
    return List.copyOf(merged.values());
  }

  private static Finding together(Finding one, Finding other) {
    Set<ImageOrigin> origins = new LinkedHashSet<>(one.origins());
    origins.addAll(other.origins());
    return new Finding(one.text(), List.copyOf(origins), one.reason());
  }
}
