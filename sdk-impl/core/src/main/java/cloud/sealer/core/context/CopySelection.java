package cloud.sealer.core.context;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.FileTree.Entry;
import cloud.sealer.sdk.spi.FileTree.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What one {@code COPY} puts where.
 *
 * <p>The destination is always a directory, and every source lands in it under its own last name;
 * only the root of the context has none, so {@code COPY . .} copies what is in it. Of several
 * sources with a file at the same place the later wins.
 */
public final class CopySelection {
  private final SourceMatcher matcher;
  private final NavigableMap<RootfsPath, Entry> context;
  private final NavigableMap<RootfsPath, String> unusable;
  private final RootfsPath destination;
  private final NavigableMap<RootfsPath, Entry> selected = new TreeMap<>();
  private final Map<RootfsPath, RootfsPath> files = new HashMap<>();

  private CopySelection(FileTree tree, RootfsPath destination) {
    this.matcher = new SourceMatcher(tree);
    this.context = matcher.entries();
    this.unusable = tree instanceof ContextTree opened ? opened.unusable() : new TreeMap<>();
    this.destination = destination;
  }

  /**
   * Selects for a rootfs that has nothing yet.
   *
   * @param context the files to copy from
   * @param sources paths and patterns in the context
   * @param destination a directory of the rootfs
   * @return entries with their paths in the rootfs, sorted
   * @throws SealerException see {@link #select(FileTree, List, String, Predicate)}
   */
  public static List<Entry> select(FileTree context, List<String> sources, String destination) {
    return select(context, sources, destination, path -> false);
  }

  /**
   * Selects the entries of a {@code COPY}.
   *
   * @param context the files to copy from
   * @param sources paths and patterns in the context
   * @param destination a directory of the rootfs, made with mode 0755 where it is missing
   * @param exists whether the rootfs has something at a path already; the mode of such a directory
   *     is not touched unless a source has it
   * @return entries with their paths in the rootfs, sorted
   * @throws SealerException {@link ErrorCode#SOURCE_NOT_FOUND} if a source matches nothing, {@link
   *     ErrorCode#PATH_ESCAPES} if a source or the destination leaves its root, {@link
   *     ErrorCode#INVALID_CONTEXT} if it selects what cannot be copied
   */
  public static List<Entry> select(
      FileTree context, List<String> sources, String destination, Predicate<RootfsPath> exists) {
    CopySelection selection = new CopySelection(context, destination(destination));
    for (String source : sources) {
      for (SourceMatcher.Match match : selection.matcher.match(source)) {
        selection.place(source, match);
      }
    }
    selection.addDestination(exists);
    return HardLinks.relink(selection.selected, selection.files, selection.context);
  }

  private static RootfsPath destination(String text) {
    try {
      return RootfsPath.of(text);
    } catch (IllegalArgumentException e) {
      throw SealerException.builder(
              ErrorCode.PATH_ESCAPES,
              "COPY destination \"" + text + "\" is not a path inside the rootfs")
          .cause(e)
          .remedy("Give the directory from the root of the rootfs, without \"..\".")
          .build();
    }
  }

  private void place(String source, SourceMatcher.Match match) {
    RootfsPath from = match.path();
    RootfsPath to = from.isRoot() ? destination : destination.resolve(match.name());
    for (Map.Entry<RootfsPath, String> bad : unusable.tailMap(from, true).entrySet()) {
      if (!bad.getKey().startsWith(from)) {
        break;
      }
      throw SealerException.builder(
              ErrorCode.INVALID_CONTEXT,
              "COPY source \""
                  + source
                  + "\": \""
                  + bad.getKey()
                  + "\" "
                  + bad.getValue()
                  + " and cannot be copied")
          .remedy("Leave it out with a line in .kubefileignore.")
          .build();
    }
    for (Entry entry : context.tailMap(from, true).values()) {
      if (!entry.path().startsWith(from)) {
        break;
      }
      put(entry, to.resolve(entry.path().relativeTo(from)));
    }
  }

  private void put(Entry entry, RootfsPath to) {
    Entry copy = entry;
    files.remove(to);
    if (entry.kind() == Kind.HARD_LINK) {
      RootfsPath file = HardLinks.file(entry, context);
      copy = context.getOrDefault(file, entry);
      files.put(to, file);
    } else if (matcher.isLinked(entry.path())) {
      files.put(to, entry.path());
    }
    Entry old = selected.put(to, copy.at(to));
    if (old != null && (old.kind() == Kind.DIRECTORY) != (entry.kind() == Kind.DIRECTORY)) {
      throw SealerException.builder(
              ErrorCode.INVALID_CONTEXT,
              "COPY would put a directory and a file at \"/" + to + "\" of the rootfs")
          .remedy("Copy them by two COPY instructions to different destinations.")
          .build();
    }
  }

  private void addDestination(Predicate<RootfsPath> exists) {
    RootfsPath path = destination;
    while (!path.isRoot()) {
      if (!exists.test(path)) {
        selected.put(path, Entry.directory(path, 0755));
      }
      path = path.parent();
    }
  }
}
