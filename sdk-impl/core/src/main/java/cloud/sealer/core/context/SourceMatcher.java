package cloud.sealer.core.context;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.FileTree.Entry;
import cloud.sealer.sdk.spi.FileTree.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a source of {@code COPY} means in a context.
 *
 * <p>A source that exists as it is written is taken as it is, wildcards or not. Links to
 * directories are followed in the directory part of a source, but not out of the context; the last
 * element is taken as the link it is.
 */
final class SourceMatcher {
  /** As many as Linux follows. */
  private static final int MAX_LINKS = 40;

  private final FileTree tree;
  private final NavigableMap<RootfsPath, Entry> entries = new TreeMap<>();
  private final Set<RootfsPath> linked = new HashSet<>();

  /**
   * One thing to copy.
   *
   * @param path where it is in the context
   * @param name what it is called in the destination
   */
  record Match(RootfsPath path, String name) {}

  SourceMatcher(FileTree tree) {
    this.tree = tree;
    tree.entries().forEach(entry -> entries.put(entry.path(), entry));
    for (Entry entry : entries.values()) {
      if (entry.kind() == Kind.HARD_LINK) {
        linked.add(HardLinks.file(entry, entries));
      }
    }
  }

  NavigableMap<RootfsPath, Entry> entries() {
    return entries;
  }

  /** Whether hard links lead to the file. */
  boolean isLinked(RootfsPath path) {
    return linked.contains(path);
  }

  /** The matches of a source, at least one. */
  List<Match> match(String source) {
    RootfsPath wanted = parse(source);
    if (wanted.isRoot()) {
      return List.of(new Match(wanted, ""));
    }
    Optional<RootfsPath> found = locate(source, wanted, false);
    if (found.isPresent()) {
      return List.of(new Match(found.get(), wanted.name()));
    }
    List<Match> matches = Glob.hasWildcard(source) ? glob(source, wanted) : List.of();
    if (matches.isEmpty()) {
      throw NearMatches.notFound(source, wanted, tree, entries.keySet());
    }
    return matches;
  }

  private static RootfsPath parse(String source) {
    try {
      return RootfsPath.of(source);
    } catch (IllegalArgumentException e) {
      throw escapes(source, "it is not a path inside the build context", e);
    }
  }

  private List<Match> glob(String source, RootfsPath wanted) {
    List<String> elements = List.of(wanted.value().split("/"));
    int fixed = 0;
    while (!Glob.hasWildcard(elements.get(fixed))) {
      fixed++;
    }
    RootfsPath prefix = RootfsPath.of(String.join("/", elements.subList(0, fixed)));
    RootfsPath base = locate(source, prefix, true).orElse(null);
    if (base == null) {
      return List.of();
    }
    Glob glob = compile(source, String.join("/", elements.subList(fixed, elements.size())));
    List<Match> matches = new ArrayList<>();
    Set<RootfsPath> candidates = new TreeSet<>(below(entries, base));
    if (tree instanceof ContextTree opened) {
      // what cannot be copied matches too, so that copying it is an error rather than an omission
      candidates.addAll(below(opened.unusable(), base));
    }
    for (RootfsPath path : candidates) {
      if (glob.matches(path.relativeTo(base).value())) {
        matches.add(new Match(path, path.name()));
      }
    }
    return matches;
  }

  private static List<RootfsPath> below(NavigableMap<RootfsPath, ?> tree, RootfsPath base) {
    return tree.tailMap(base, false).keySet().stream()
        .takeWhile(path -> path.startsWith(base))
        .toList();
  }

  private static Glob compile(String source, String pattern) {
    try {
      return Glob.compile(pattern);
    } catch (IllegalArgumentException e) {
      throw SealerException.builder(
              ErrorCode.SOURCE_NOT_FOUND,
              "COPY source \"" + source + "\" is not a file, and no pattern: " + e.getMessage())
          .cause(e)
          .build();
    }
  }

  /** Walks from the root, following links on the way; empty if there is nothing. */
  private Optional<RootfsPath> locate(String source, RootfsPath path, boolean followLast) {
    Deque<String> rest = new ArrayDeque<>(List.of(path.value().split("/")));
    RootfsPath at = RootfsPath.ROOT;
    int links = 0;
    while (!rest.isEmpty()) {
      String name = rest.pop();
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        if (at.isRoot()) {
          throw escapes(source, "a link on its way leads out of the build context", null);
        }
        at = at.parent();
        continue;
      }
      RootfsPath next = at.resolve(name);
      Entry entry = entries.get(next);
      if (entry == null && !isUnusable(next)) {
        return Optional.empty();
      }
      if (entry != null && entry.kind() == Kind.SYMLINK && (followLast || !rest.isEmpty())) {
        requireInside(source, entry, ++links);
        List<String> target = List.of(entry.target().split("/"));
        for (int i = target.size() - 1; i >= 0; i--) {
          rest.push(target.get(i));
        }
      } else {
        at = next;
      }
    }
    return Optional.of(at);
  }

  private boolean isUnusable(RootfsPath path) {
    return tree instanceof ContextTree opened && opened.unusable().containsKey(path);
  }

  private static void requireInside(String source, Entry link, int links) {
    if (link.target().startsWith("/")) {
      throw escapes(
          source,
          "the link \"" + link.path() + "\" leads out of the build context, to " + link.target(),
          null);
    }
    if (links > MAX_LINKS) {
      throw SealerException.builder(
              ErrorCode.INVALID_CONTEXT,
              "COPY source \"" + source + "\": the link \"" + link.path() + "\" leads in a circle")
          .build();
    }
  }

  private static SealerException escapes(String source, String why, @Nullable Throwable cause) {
    return SealerException.builder(ErrorCode.PATH_ESCAPES, "COPY source \"" + source + "\": " + why)
        .cause(cause)
        .remedy("Copy only what lies in the build context, by its path from there.")
        .build();
  }
}
