package cloud.sealer.core.sbom;

import cloud.sealer.core.layer.LayerReader;
import cloud.sealer.sdk.RootfsPath;
import com.google.common.io.ByteStreams;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What a file says of more than itself: a chart, the list of the packages of a distribution, the
 * name of the distribution. What cannot be read says nothing.
 *
 * @param charts the charts
 * @param packages the packages, whose distribution is not known yet
 * @param distribution the name of the distribution; empty if it says none
 */
record KnownContent(List<Item.Chart> charts, List<Item.Installed> packages, String distribution) {
  static final KnownContent NOTHING = new KnownContent(List.of(), List.of(), "");

  private static final int MAX_DOCUMENT = 1024 * 1024;
  private static final int MAX_LIST = 32 * 1024 * 1024;

  /** What Helm allows an archive to unpack to. */
  private static final long MAX_CHART = 100 * 1024 * 1024;

  private static final RootfsPath CHARTS = RootfsPath.of("charts");

  KnownContent {
    charts = List.copyOf(charts);
    packages = List.copyOf(packages);
  }

  static KnownContent read(RootfsPath path, InputStream content)
      throws LayerReader.DamagedLayerException {
    String name = path.value();
    try {
      if (name.equals("etc/os-release") || name.equals("usr/lib/os-release")) {
        return new KnownContent(List.of(), List.of(), osRelease(content));
      }
      if (name.equals("var/lib/dpkg/status") || name.startsWith("var/lib/dpkg/status.d/")) {
        return new KnownContent(List.of(), dpkg(content), "");
      }
      if (name.equals("lib/apk/db/installed")) {
        return new KnownContent(List.of(), apk(content), "");
      }
      if (path.startsWith(CHARTS) && path.name().equals("Chart.yaml")) {
        return new KnownContent(chart(name, content.readNBytes(MAX_DOCUMENT)), List.of(), "");
      }
      if (path.startsWith(CHARTS) && (name.endsWith(".tgz") || name.endsWith(".tar.gz"))) {
        return new KnownContent(archive(name, content), List.of(), "");
      }
    } catch (LayerReader.DamagedLayerException e) {
      throw e;
    } catch (IOException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | ArithmeticException e) {
      return NOTHING; // no archive, though it is called one
    }
    return NOTHING;
  }

  private static List<Item.Chart> archive(String path, InputStream content) throws IOException {
    List<Item.Chart> charts = new ArrayList<>();
    TarArchiveInputStream tar =
        new TarArchiveInputStream(ByteStreams.limit(new GZIPInputStream(content), MAX_CHART));
    TarArchiveEntry entry = tar.getNextEntry();
    while (entry != null) {
      if (entry.isFile() && entry.getName().endsWith("/Chart.yaml")) {
        charts.addAll(chart(path, tar.readNBytes(MAX_DOCUMENT)));
      }
      entry = tar.getNextEntry();
    }
    return charts;
  }

  private static List<Item.Chart> chart(String path, byte[] yaml) {
    try {
      Object read =
          new Yaml(new SafeConstructor(new LoaderOptions()))
              .load(new InputStreamReader(new ByteArrayInputStream(yaml), StandardCharsets.UTF_8));
      if (read instanceof Map<?, ?> map && map.get("name") != null && map.get("version") != null) {
        Object app = map.get("appVersion");
        return List.of(
            new Item.Chart(
                map.get("name").toString(),
                map.get("version").toString(),
                app == null ? "" : app.toString(),
                path));
      }
    } catch (YAMLException e) {
      return List.of();
    }
    return List.of();
  }

  private static BufferedReader lines(InputStream content) throws IOException {
    byte[] bytes = content.readNBytes(MAX_LIST);
    return new BufferedReader(
        new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8));
  }

  private static String osRelease(InputStream content) throws IOException {
    for (String line : lines(content).lines().toList()) {
      if (line.startsWith("ID=")) {
        return line.substring("ID=".length()).replace("\"", "").strip();
      }
    }
    return "";
  }

  /** Debian's list: paragraphs of {@code Field: value}. */
  private static List<Item.Installed> dpkg(InputStream content) throws IOException {
    List<Item.Installed> packages = new ArrayList<>();
    Map<String, String> fields = new HashMap<>();
    for (String line : withEnd(content)) {
      int colon = line.indexOf(": ");
      if (line.isEmpty()) {
        String status = fields.getOrDefault("Status", "installed");
        if (fields.containsKey("Package") && status.endsWith("installed")) {
          packages.add(installed("deb", fields, "Package", "Version", "Architecture"));
        }
        fields.clear();
      } else if (colon > 0 && !line.startsWith(" ")) {
        fields.put(line.substring(0, colon), line.substring(colon + 2).strip());
      }
    }
    return packages;
  }

  /** Alpine's list: paragraphs of {@code P:name}. */
  private static List<Item.Installed> apk(InputStream content) throws IOException {
    List<Item.Installed> packages = new ArrayList<>();
    Map<String, String> fields = new HashMap<>();
    for (String line : withEnd(content)) {
      if (line.isEmpty()) {
        if (fields.containsKey("P")) {
          packages.add(installed("apk", fields, "P", "V", "A"));
        }
        fields.clear();
      } else if (line.length() > 2 && line.charAt(1) == ':') {
        fields.putIfAbsent(line.substring(0, 1), line.substring(2).strip());
      }
    }
    return packages;
  }

  private static List<String> withEnd(InputStream content) throws IOException {
    List<String> lines = new ArrayList<>(lines(content).lines().toList());
    lines.add("");
    return lines;
  }

  private static Item.Installed installed(
      String type, Map<String, String> fields, String name, String version, String architecture) {
    return new Item.Installed(
        type,
        "",
        fields.getOrDefault(name, ""),
        fields.getOrDefault(version, ""),
        fields.getOrDefault(architecture, ""));
  }
}
