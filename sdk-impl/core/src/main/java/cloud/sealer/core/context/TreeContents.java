package cloud.sealer.core.context;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree.Entry;
import cloud.sealer.sdk.spi.FileTree.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Collects what a context holds, and keeps it a tree: nothing lies below a file or a link.
 *
 * <p>Of two entries with one path the later wins, as when an archive is unpacked.
 */
final class TreeContents {
  /** More is a mistake or an attack, and would fill the memory. */
  static final int MAX_ENTRIES = 2_000_000;

  private final String source;
  private final NavigableMap<RootfsPath, Entry> entries = new TreeMap<>();
  private final Map<RootfsPath, Integer> children = new HashMap<>();
  private final NavigableMap<RootfsPath, String> unusable = new TreeMap<>();
  private final List<RootfsPath> pruned = new ArrayList<>();

  /**
   * Starts empty.
   *
   * @param source what is read, for messages
   */
  TreeContents(String source) {
    this.source = source;
  }

  /** Adds an entry; directories it needs are added with mode 0755 unless they are there. */
  void add(Entry entry) {
    RootfsPath path = entry.path();
    ensureParents(path);
    Entry old = entries.get(path);
    boolean directory = entry.kind() == Kind.DIRECTORY;
    if (old != null && !directory && children.getOrDefault(path, 0) > 0) {
      throw invalid("\"" + path + "\" is both a directory and something else");
    }
    unusable.remove(path);
    put(entry);
  }

  /** Adds something that is there but cannot be copied. */
  void addUnusable(RootfsPath path, String reason) {
    ensureParents(path);
    if (entries.containsKey(path)) {
      throw invalid("\"" + path + "\" is there twice");
    }
    unusable.put(path, reason);
  }

  /** Notes a directory that was not even looked into, because it is left out as a whole. */
  void addPruned(RootfsPath path) {
    pruned.add(path);
  }

  private void ensureParents(RootfsPath path) {
    RootfsPath parent = path.parent();
    if (parent.isRoot()) {
      return;
    }
    Entry holder = entries.get(parent);
    if (holder == null) {
      ensureParents(parent);
      put(Entry.directory(parent, 0755));
    } else if (holder.kind() == Kind.SYMLINK) {
      throw escapes("\"" + path + "\" would be written through the link \"" + parent + "\"");
    } else if (holder.kind() != Kind.DIRECTORY) {
      throw invalid("\"" + path + "\" lies below \"" + parent + "\", which is not a directory");
    }
  }

  private void put(Entry entry) {
    if (entries.put(entry.path(), entry) == null) {
      children.merge(entry.path().parent(), 1, Integer::sum);
      if (entries.size() > MAX_ENTRIES) {
        throw invalid("it has more than " + MAX_ENTRIES + " entries");
      }
    }
  }

  NavigableMap<RootfsPath, Entry> entries() {
    return entries;
  }

  NavigableMap<RootfsPath, String> unusable() {
    return unusable;
  }

  List<RootfsPath> pruned() {
    return pruned;
  }

  SealerException invalid(String why) {
    return SealerException.builder(ErrorCode.INVALID_CONTEXT, source + ": " + why).build();
  }

  SealerException escapes(String why) {
    return SealerException.builder(ErrorCode.PATH_ESCAPES, source + ": " + why)
        .remedy("Nothing was unpacked. Make the context again without this entry.")
        .build();
  }
}
