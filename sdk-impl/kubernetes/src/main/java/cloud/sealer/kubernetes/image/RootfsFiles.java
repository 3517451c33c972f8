package cloud.sealer.kubernetes.image;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The small files of a rootfs: configuration, scripts, plugins and templates. Thread-safe. */
public final class RootfsFiles {
  private static final int MAX_SIZE = 16 * 1024 * 1024;

  private final NavigableMap<RootfsPath, FileTree.Entry> entries = new TreeMap<>();

  /** The files of a tree. */
  public RootfsFiles(List<FileTree.Entry> files) {
    files.forEach(entry -> entries.put(entry.path(), entry));
  }

  /** All of them, sorted. */
  public List<FileTree.Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** Whether there is such a file, directory or link. */
  public boolean has(String path) {
    return entries.containsKey(RootfsPath.of(path));
  }

  /** The files below a directory, sorted. */
  public List<RootfsPath> below(String directory) {
    RootfsPath root = RootfsPath.of(directory);
    return entries.tailMap(root, false).values().stream()
        .takeWhile(entry -> entry.path().startsWith(root))
        .filter(entry -> entry.kind() == FileTree.Kind.FILE)
        .map(FileTree.Entry::path)
        .toList();
  }

  /** The text of a file, in UTF-8; empty if there is no such file. */
  public Optional<String> text(String path) {
    FileTree.Entry entry = entries.get(RootfsPath.of(path));
    FileTree.Content content = entry == null ? null : entry.content();
    if (content == null) {
      return Optional.empty();
    }
    try (InputStream in = content.open()) {
      byte[] bytes = in.readNBytes(MAX_SIZE + 1);
      if (bytes.length > MAX_SIZE) {
        throw SealerException.builder(
                ErrorCode.IMAGE_UNSUPPORTED,
                "the file " + path + " of the rootfs is larger than " + MAX_SIZE + " bytes")
            .remedy("it is read as text: make it smaller")
            .build();
      }
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.STORE_IO, "cannot read the file " + path + " of the rootfs: " + e)
          .cause(e)
          .build();
    }
  }
}
