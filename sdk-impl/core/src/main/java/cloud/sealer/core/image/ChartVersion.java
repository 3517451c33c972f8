package cloud.sealer.core.image;

import cloud.sealer.core.layer.LayerEntry;
import cloud.sealer.sdk.RootfsPath;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * What a chart below {@code charts/} is called, and which version it has.
 *
 * @param name its name
 * @param version its version, with that of the application if it says one
 */
record ChartVersion(String name, String version) {
  private static final RootfsPath CHARTS = RootfsPath.of("charts");
  private static final String FILE = "Chart.yaml";
  private static final int MAX_CHART = 1024 * 1024;
  private static final int MAX_ARCHIVE = 8 * 1024 * 1024;
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** Keeps the bytes of a file that tells of a chart. */
  static final class Collector {
    private final boolean archive;
    private final int limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Collector(boolean archive, int limit) {
      this.archive = archive;
      this.limit = limit;
    }

    void add(byte[] buffer, int length) {
      if (bytes.size() + length <= limit) {
        bytes.write(buffer, 0, length);
      }
    }

    /** The chart; empty if the file tells of none. */
    Optional<ChartVersion> version() {
      if (bytes.size() == 0) {
        return Optional.empty();
      }
      try {
        return archive ? ofArchive(bytes.toByteArray()) : of(bytes.toByteArray());
      } catch (IOException e) {
        return Optional.empty(); // no chart at all; that its bytes changed is told as of any file
      }
    }
  }

  /** For a file that may tell of a chart: {@code charts/NAME/Chart.yaml}, or an archive. */
  static Collector collector(LayerEntry entry) {
    RootfsPath path = entry.path();
    RootfsPath parent = path.parent();
    boolean unpacked = path.name().equals(FILE) && parent.parent().equals(CHARTS);
    boolean archive = path.name().endsWith(".tgz") && parent.equals(CHARTS);
    int limit = archive ? MAX_ARCHIVE : MAX_CHART;
    boolean fits = (unpacked || archive) && entry.size() <= limit;
    return new Collector(archive, fits ? limit : 0);
  }

  private static Optional<ChartVersion> of(byte[] yaml) throws IOException {
    JsonNode chart = YAML.readTree(yaml);
    String name = chart == null ? "" : chart.path("name").asText();
    if (chart == null || name.isEmpty()) {
      return Optional.empty();
    }
    String app = chart.path("appVersion").asText();
    String version = chart.path("version").asText();
    return Optional.of(new ChartVersion(name, version + (app.isEmpty() ? "" : " (" + app + ")")));
  }

  private static Optional<ChartVersion> ofArchive(byte[] tgz) throws IOException {
    try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(tgz));
        TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().matches("(?:\\./)?[^/]+/" + FILE)) {
          return of(tar.readNBytes(MAX_CHART));
        }
      }
    }
    return Optional.empty();
  }
}
