package cloud.sealer.core.context;

import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An opened build context: what can be copied, and why the rest cannot. */
final class ContextTree implements FileTree {
  private final String name;
  private final List<Entry> entries;
  private final NavigableMap<RootfsPath, String> unusable;
  private final IgnoreFile ignore;
  private final Set<RootfsPath> ignored = new TreeSet<>();
  private final Runnable release;
  private @Nullable Entry imageListWithAuth;

  /**
   * Applies the ignore file to what was read.
   *
   * @param name what the user calls the context
   * @param contents everything in it
   * @param ignore what to leave out
   * @param release what to do when the tree is closed
   */
  ContextTree(String name, TreeContents contents, IgnoreFile ignore, Runnable release) {
    this.name = name;
    this.ignore = ignore;
    this.release = release;
    this.ignored.addAll(contents.pruned());
    NavigableMap<RootfsPath, Entry> kept = new TreeMap<>();
    for (Entry entry : contents.entries().values()) {
      if (entry.path().equals(Contexts.IMAGE_LIST_WITH_AUTH)) {
        imageListWithAuth = entry;
        ignored.add(entry.path());
      } else if (ignore.match(entry.path()).isPresent()) {
        ignored.add(entry.path());
      } else {
        kept.put(entry.path(), entry);
      }
    }
    keepParents(kept, contents.entries());
    this.entries = HardLinks.detachFromMissing(kept, contents.entries());
    this.unusable = new TreeMap<>(contents.unusable());
    this.unusable.keySet().removeIf(path -> ignore.match(path).isPresent());
  }

  /** A file that a rule takes back needs the directories it lies in, though they are left out. */
  private void keepParents(NavigableMap<RootfsPath, Entry> kept, Map<RootfsPath, Entry> all) {
    for (RootfsPath path : List.copyOf(kept.keySet())) {
      RootfsPath parent = path.parent();
      while (!parent.isRoot() && !kept.containsKey(parent)) {
        Entry directory = all.get(parent);
        kept.put(parent, directory != null ? directory : Entry.directory(parent, 0755));
        ignored.remove(parent);
        parent = parent.parent();
      }
    }
  }

  @Override
  public List<Entry> entries() {
    return entries;
  }

  /** What is there but cannot be copied, with the reason. */
  NavigableMap<RootfsPath, String> unusable() {
    return unusable;
  }

  IgnoreFile ignore() {
    return ignore;
  }

  /** The paths that the ignore file leaves out; of a whole directory possibly only its own. */
  Set<RootfsPath> ignored() {
    return ignored;
  }

  /** The file of passwords, which is never copied. */
  Optional<Entry> imageListWithAuth() {
    return Optional.ofNullable(imageListWithAuth);
  }

  @Override
  public void close() {
    release.run();
  }

  @Override
  public String toString() {
    return name;
  }
}
