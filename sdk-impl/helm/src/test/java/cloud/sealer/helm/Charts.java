package cloud.sealer.helm;

import static java.nio.charset.StandardCharsets.UTF_8;

import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Makes charts for tests. */
final class Charts {
  private Charts() {}

  /** A tree with the given files and the directories above them. */
  static FileTree tree(Map<String, ?> files, FileTree.Entry... more) {
    TreeMap<RootfsPath, FileTree.Entry> entries = new TreeMap<>();
    files.forEach(
        (name, value) -> {
          byte[] bytes = value instanceof byte[] b ? b : ((String) value).getBytes(UTF_8);
          RootfsPath path = RootfsPath.of(name);
          entries.put(
              path,
              FileTree.Entry.file(path, 0644, bytes.length, () -> new ByteArrayInputStream(bytes)));
        });
    for (FileTree.Entry entry : more) {
      entries.put(entry.path(), entry);
    }
    for (RootfsPath path : List.copyOf(entries.keySet())) {
      for (RootfsPath up = path.parent(); !up.isRoot(); up = up.parent()) {
        entries.putIfAbsent(up, FileTree.Entry.directory(up, 0755));
      }
    }
    List<FileTree.Entry> sorted = List.copyOf(entries.values());
    return () -> sorted;
  }

  static String chart(String name, String... more) {
    return "apiVersion: v2\nname: " + name + "\nversion: 1.0.0\n" + String.join("\n", more) + "\n";
  }

  static String pod(String name, String image, String... annotations) {
    return "apiVersion: v1\nkind: Pod\nmetadata:\n  name: "
        + name
        + "\n"
        + (annotations.length == 0
            ? ""
            : "  annotations:\n    " + String.join("\n    ", annotations) + "\n")
        + "spec:\n  containers:\n    - {name: c, image: "
        + image
        + "}\n";
  }

  /** A packed chart. */
  static byte[] packed(String name, Map<String, ?> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      for (Map.Entry<String, ?> file : new TreeMap<>(files).entrySet()) {
        byte[] content =
            file.getValue() instanceof byte[] b ? b : ((String) file.getValue()).getBytes(UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name + "/" + file.getKey());
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }
}
