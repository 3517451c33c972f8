package cloud.sealer.helm;

import cloud.sealer.sdk.spi.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of a chart.
 *
 * @param path where it is, below the directory of the chart, with {@code /} between names
 * @param content its bytes
 */
record ChartFile(String path, FileTree.Content content) {
  /** No file of a chart is longer. Helm itself stops at a twelfth of it. */
  private static final int MAX_LENGTH = 64 << 20;

  static ChartFile of(String path, byte[] bytes) {
    return new ChartFile(path, () -> new java.io.ByteArrayInputStream(bytes));
  }

  static ChartFile of(String path, String text) {
    return of(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The files of a tree. */
  static List<ChartFile> all(FileTree chart) {
    List<ChartFile> files = new ArrayList<>();
    for (FileTree.Entry entry : chart.entries()) {
      FileTree.Content content = entry.content();
      if (content != null) {
        files.add(new ChartFile(entry.path().value(), content));
      }
    }
    return files;
  }

  byte[] bytes() throws IOException {
    try (InputStream in = content.open()) {
      byte[] bytes = in.readNBytes(MAX_LENGTH + 1);
      if (bytes.length > MAX_LENGTH) {
        throw new IOException(path + " is longer than " + MAX_LENGTH + " bytes");
      }
      return bytes;
    }
  }
}
