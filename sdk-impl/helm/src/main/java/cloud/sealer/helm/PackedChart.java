package cloud.sealer.helm;

import cloud.sealer.sdk.spi.FileTree;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Reads charts that {@code helm package} packed: a gzip-compressed tar with one directory at its
 * top.
 */
final class PackedChart {
  /** A chart is small; more than this is a mistake or an attack. */
  private static final long MAX_TOTAL = 256L << 20;

  private PackedChart() {}

  static boolean isPacked(String path) {
    return path.endsWith(".tgz") || path.endsWith(".tar.gz");
  }

  /**
   * The files without the directory at the top.
   *
   * @throws IOException if it is no such archive, or an entry would leave the chart
   */
  static List<ChartFile> read(FileTree.Content archive) throws IOException {
    List<ChartFile> files = new ArrayList<>();
    long total = 0;
    try (InputStream in = new BufferedInputStream(archive.open());
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(in), "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String path = below(entry.getName());
        if (!entry.isFile() || path.isEmpty()) {
          continue;
        }
        total += entry.getSize();
        if (total > MAX_TOTAL) {
          throw new IOException("more than " + MAX_TOTAL + " bytes unpacked");
        }
        files.add(ChartFile.of(path, tar.readAllBytes()));
      }
    }
    return files;
  }

  private static String below(String name) throws IOException {
    List<String> names = new ArrayList<>();
    for (String element : name.replace('\\', '/').split("/", -1)) {
      if (element.equals("..") || element.indexOf('\0') >= 0) {
        throw new IOException("the entry \"" + name + "\" would leave the chart");
      }
      if (!element.isEmpty() && !element.equals(".")) {
        names.add(element);
      }
    }
    return names.size() < 2 ? "" : String.join("/", names.subList(1, names.size()));
  }
}
