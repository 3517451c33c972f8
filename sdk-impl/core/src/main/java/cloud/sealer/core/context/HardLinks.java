package cloud.sealer.core.context;

import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree.Entry;
import cloud.sealer.sdk.spi.FileTree.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Keeps hard links right when a part of a tree is taken, or put elsewhere: of the names of one file
 * that are left, the first is the file and the others are links to it.
 */
final class HardLinks {
  private HardLinks() {}

  /** The path of the file that an entry is a name of: its own, or the one a hard link leads to. */
  static RootfsPath file(Entry entry, Map<RootfsPath, Entry> tree) {
    Entry at = entry;
    // a link may name a link; each step goes to another path, so the tree's size bounds the steps
    for (int steps = 0; at.kind() == Kind.HARD_LINK && steps <= tree.size(); steps++) {
      Entry next = tree.get(RootfsPath.of(at.target()));
      if (next == null) {
        break;
      }
      at = next;
    }
    return at.path();
  }

  /** The entries of a part of a tree; a link whose file is not in the part becomes the file. */
  static List<Entry> detachFromMissing(
      NavigableMap<RootfsPath, Entry> part, Map<RootfsPath, Entry> whole) {
    Map<RootfsPath, RootfsPath> files = new HashMap<>();
    for (Entry entry : part.values()) {
      if (entry.kind() == Kind.HARD_LINK) {
        RootfsPath file = file(entry, whole);
        files.put(entry.path(), file);
        files.put(file, file);
      }
    }
    return relink(part, files, whole);
  }

  /**
   * Makes links of entries that are names of one file.
   *
   * @param tree the entries by their path
   * @param files for each path that is one of several names, the path of the file in the origin
   * @param origin where the files are taken from
   */
  static List<Entry> relink(
      NavigableMap<RootfsPath, Entry> tree,
      Map<RootfsPath, RootfsPath> files,
      Map<RootfsPath, Entry> origin) {
    Map<RootfsPath, RootfsPath> first = new HashMap<>();
    List<Entry> result = new ArrayList<>(tree.size());
    for (Entry entry : tree.values()) {
      RootfsPath file = files.get(entry.path());
      Entry content = file == null ? null : origin.get(file);
      if (file == null || content == null) {
        result.add(entry);
        continue;
      }
      RootfsPath earlier = first.putIfAbsent(file, entry.path());
      result.add(
          earlier == null ? content.at(entry.path()) : Entry.hardLink(entry.path(), earlier));
    }
    return List.copyOf(result);
  }
}
