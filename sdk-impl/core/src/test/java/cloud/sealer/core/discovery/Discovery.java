package cloud.sealer.core.discovery;

import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.DiscoveryReport.Finding;
import cloud.sealer.sdk.DiscoveryReport.Found;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.spi.FileTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One run of the discovery, seen through short texts.
 *
 * @param report what was found
 * @param notices what the user was told
 */
record Discovery(DiscoveryReport report, List<String> notices) {
  static Discovery of(String path, String text) {
    return of(FilesInMemory.of(path, text));
  }

  static Discovery of(FileTree files) {
    return of(files, DiscoveryPolicy.DEFAULT);
  }

  static Discovery of(FileTree files, DiscoveryPolicy policy) {
    List<String> notices = new ArrayList<>();
    DiscoveryReport report =
        DiscoveryCollector.discover(
            files,
            List.of(new ManifestDiscoverer(), new ImageListDiscoverer(), new NodeImageDiscoverer()),
            policy,
            notices::add);
    return new Discovery(report, notices);
  }

  /** The familiar names of the found images. */
  List<String> found() {
    return report.found().stream()
        .map(found -> found.image().familiar(Reference.Defaults.DOCKER))
        .toList();
  }

  /** Where each image stands, as {@code object path}. */
  Map<String, List<String>> places() {
    Map<String, List<String>> places = new TreeMap<>();
    for (Found found : report.found()) {
      places.put(
          found.image().familiar(Reference.Defaults.DOCKER),
          found.origins().stream().map(o -> o.object() + " " + o.path()).toList());
    }
    return places;
  }

  /** The only origin of the only image. */
  ImageOrigin onlyOrigin() {
    if (report.found().size() != 1 || report.found().get(0).origins().size() != 1) {
      throw new AssertionError("not one image with one origin: " + report);
    }
    return report.found().get(0).origins().get(0);
  }

  List<String> unresolved() {
    return report.unresolved().stream().map(Finding::text).toList();
  }

  List<String> suspected() {
    return report.suspected().stream().map(Finding::text).toList();
  }
}
