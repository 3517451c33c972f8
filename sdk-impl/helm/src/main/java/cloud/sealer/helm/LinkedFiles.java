package cloud.sealer.helm;

import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The files of a rootfs as a program that follows links sees them, as Helm does. */
final class LinkedFiles {
  private static final int MAX_LINKS = 16;
  private static final int MAX_FILES = 100_000;

  private final NavigableMap<RootfsPath, FileTree.Entry> entries = new TreeMap<>();
  private final Consumer<String> notices;

  LinkedFiles(FileTree files, Consumer<String> notices) {
    files.entries().forEach(entry -> entries.put(entry.path(), entry));
    this.notices = notices;
  }

  /** All files below a directory, with paths relative to it. */
  List<ChartFile> below(RootfsPath directory) {
    List<ChartFile> files = new ArrayList<>();
    collect(directory, "", 0, files);
    return files;
  }

  private void collect(RootfsPath directory, String prefix, int links, List<ChartFile> files) {
    for (FileTree.Entry entry : entries.tailMap(directory, false).values()) {
      if (!entry.path().startsWith(directory) || files.size() >= MAX_FILES) {
        return;
      }
      String path = prefix + entry.path().relativeTo(directory);
      FileTree.@Nullable Entry target = resolve(entry, links);
      if (target == null) {
        notices.accept(
            entry.path() + " is a link that leads nowhere in the rootfs and was left out");
      } else if (target.content() != null) {
        files.add(new ChartFile(path, target.content()));
      } else if (!entry.path().startsWith(target.path())) {
        // A link to a directory, which is not one around the link.
        collect(target.path(), path + "/", links + 1, files);
      }
    }
  }

  /** The content of the file at a path, through links; null if there is none. */
  FileTree.@Nullable Content content(FileTree.Entry entry) {
    FileTree.@Nullable Entry target = resolve(entry, 0);
    return target == null ? null : target.content();
  }

  private FileTree.@Nullable Entry resolve(FileTree.Entry start, int links) {
    FileTree.@Nullable Entry entry = start;
    for (int hops = links; entry != null && hops < MAX_LINKS; hops++) {
      switch (entry.kind()) {
        case HARD_LINK -> entry = entries.get(RootfsPath.of(entry.target()));
        case SYMLINK -> entry = entries.get(target(entry));
        default -> {
          return entry;
        }
      }
    }
    return null;
  }

  /** As in a file system whose root is the rootfs: {@code ..} at the root stays there. */
  private static RootfsPath target(FileTree.Entry link) {
    List<String> names = new ArrayList<>();
    String base = link.target().startsWith("/") ? "" : link.path().parent().value();
    for (String name : (base + "/" + link.target()).split("/", -1)) {
      if (!name.equals("..")) {
        names.add(name);
      } else if (!names.isEmpty()) {
        names.remove(names.size() - 1);
      }
    }
    return RootfsPath.of(String.join("/", names));
  }
}
