package cloud.sealer.core.remote;

import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RootfsPath;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads the report of image discovery that the worker prints. */
final class ReportJson {
  private ReportJson() {}

  /**
   * Reads a report.
   *
   * @throws IllegalArgumentException if it is none
   */
  static DiscoveryReport read(JsonNode node) {
    List<DiscoveryReport.Found> found = new ArrayList<>();
    for (JsonNode entry : node.path("found")) {
      found.add(
          new DiscoveryReport.Found(
              Reference.parse(entry.path("image").asText()), origins(entry.path("origins"))));
    }
    return new DiscoveryReport(
        found,
        findings(node.path("suspected")),
        findings(node.path("excluded")),
        findings(node.path("unresolved")));
  }

  /** Reads what was left out for a platform. */
  static List<BuildResult.MissingImage> missing(JsonNode list) {
    List<BuildResult.MissingImage> missing = new ArrayList<>();
    for (JsonNode entry : list) {
      missing.add(
          new BuildResult.MissingImage(
              Reference.parse(entry.path("image").asText()),
              Platform.parse(entry.path("platform").asText()),
              origins(entry.path("origins"))));
    }
    return missing;
  }

  private static List<DiscoveryReport.Finding> findings(JsonNode list) {
    List<DiscoveryReport.Finding> findings = new ArrayList<>();
    for (JsonNode entry : list) {
      findings.add(
          new DiscoveryReport.Finding(
              entry.path("image").asText(),
              origins(entry.path("origins")),
              entry.path("reason").asText()));
    }
    return findings;
  }

  private static List<ImageOrigin> origins(JsonNode list) {
    List<ImageOrigin> origins = new ArrayList<>();
    for (JsonNode entry : list) {
      String file = entry.path("file").asText();
      origins.add(
          new ImageOrigin(
              file.isEmpty() ? RootfsPath.ROOT : RootfsPath.of(file),
              entry.path("document").asInt(),
              entry.path("object").asText(),
              entry.path("path").asText(),
              entry.path("line").asInt(),
              entry.path("rule").asText()));
    }
    return origins;
  }
}
