package cloud.sealer.core.discovery;

import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;

/** A tree of files for tests. */
final class FilesInMemory implements FileTree {
  private final TreeMap<RootfsPath, Entry> entries = new TreeMap<>();

  static FilesInMemory of(String path, String text) {
    return new FilesInMemory().and(path, text);
  }

  FilesInMemory and(String path, String text) {
    return and(path, text.getBytes(StandardCharsets.UTF_8));
  }

  FilesInMemory and(String path, byte[] bytes) {
    return and(path, bytes.length, () -> new ByteArrayInputStream(bytes));
  }

  FilesInMemory and(String path, long size, Content content) {
    return and(Entry.file(RootfsPath.of(path), 0644, size, content));
  }

  FilesInMemory and(Entry entry) {
    entries.put(entry.path(), entry);
    return this;
  }

  @Override
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }
}
