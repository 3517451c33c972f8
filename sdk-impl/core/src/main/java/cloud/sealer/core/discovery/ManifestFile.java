package cloud.sealer.core.discovery;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A text file of the rootfs, possibly reached through a link.
 *
 * @param path where it is, or where the link to it is
 * @param content its bytes
 */
record ManifestFile(RootfsPath path, FileTree.Content content) {
  private static final int MAX_LINKS = 16;

  /**
   * All files below a directory, in the order of the tree. Links that lead out of the tree are left
   * out.
   */
  static List<ManifestFile> below(FileTree files, RootfsPath directory) {
    Map<String, FileTree.Entry> links = null;
    List<ManifestFile> found = new ArrayList<>();
    for (FileTree.Entry entry : files.entries()) {
      if (!entry.path().startsWith(directory)) {
        continue;
      }
      if (isLink(entry) && links == null) {
        links = byPath(files);
      }
      FileTree.@Nullable Content content = links == null ? entry.content() : follow(entry, links);
      if (content != null) {
        found.add(new ManifestFile(entry.path(), content));
      }
    }
    return found;
  }

  /** The file at a path. */
  static Optional<ManifestFile> at(FileTree files, RootfsPath path) {
    return below(files, path).stream().filter(file -> file.path.equals(path)).findFirst();
  }

  private static boolean isLink(FileTree.Entry entry) {
    return entry.kind() == FileTree.Kind.SYMLINK || entry.kind() == FileTree.Kind.HARD_LINK;
  }

  private static Map<String, FileTree.Entry> byPath(FileTree files) {
    Map<String, FileTree.Entry> all = new HashMap<>();
    files.entries().forEach(entry -> all.put(entry.path().value(), entry));
    return all;
  }

  private static FileTree.@Nullable Content follow(
      FileTree.Entry start, Map<String, FileTree.Entry> all) {
    FileTree.@Nullable Entry entry = start;
    for (int hops = 0; entry != null && hops < MAX_LINKS; hops++) {
      if (!isLink(entry)) {
        return entry.content();
      }
      boolean relative = entry.kind() == FileTree.Kind.SYMLINK && !entry.target().startsWith("/");
      String base = relative ? entry.path().parent().value() + "/" : "";
      entry = all.get(normalise(base + entry.target()));
    }
    return null;
  }

  /** As in a file system whose root is the rootfs: {@code ..} at the root stays there. */
  private static String normalise(String path) {
    List<String> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      if (name.equals("..")) {
        if (!names.isEmpty()) {
          names.remove(names.size() - 1);
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return String.join("/", names);
  }

  /** What follows the last dot of the name, in lower case; empty without one. */
  String extension() {
    String name = path.name();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /** Something to do with the text of the file. */
  @FunctionalInterface
  interface Use<T> {
    /** Reads the text. */
    T read(Reader text) throws IOException;
  }

  /** Opens the file for a use, and turns failures to read it into the exception of this library. */
  <T> T read(Use<T> use) {
    if (Thread.currentThread().isInterrupted()) {
      throw SealerException.cancelled("image discovery");
    }
    try (Reader text = open()) {
      return use.read(text);
    } catch (ClosedByInterruptException e) {
      throw SealerException.cancelled("image discovery");
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_CONTEXT,
              "cannot read " + path + " to find its images: " + e.getMessage())
          .cause(e)
          .remedy("Make the file readable, or leave it out of the build with .kubefileignore.")
          .detail("file", path)
          .build();
    }
  }

  /**
   * Opens the text: UTF-8, or UTF-16 if a byte order mark says so, as PowerShell writes it. Bytes
   * that are no text become replacement characters, which no image name has, so that a comment in
   * an old encoding hides nothing.
   */
  private Reader open() throws IOException {
    InputStream in = new BufferedInputStream(content.open());
    in.mark(3);
    byte[] mark = in.readNBytes(3);
    in.reset();
    Charset charset = StandardCharsets.UTF_8;
    int skip = 0;
    if (startsWith(mark, 0xEF, 0xBB, 0xBF)) {
      skip = 3;
    } else if (startsWith(mark, 0xFF, 0xFE)) {
      charset = StandardCharsets.UTF_16LE;
      skip = 2;
    } else if (startsWith(mark, 0xFE, 0xFF)) {
      charset = StandardCharsets.UTF_16BE;
      skip = 2;
    }
    in.skipNBytes(skip);
    return new BufferedReader(new InputStreamReader(in, charset));
  }

  private static boolean startsWith(byte[] bytes, int... expected) {
    for (int i = 0; i < expected.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xFF) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
