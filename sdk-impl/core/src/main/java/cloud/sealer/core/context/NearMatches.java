package cloud.sealer.core.context;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says why a source of {@code COPY} matches nothing: it is left out, or misspelt, or elsewhere. */
final class NearMatches {
  private static final int SHOWN = 3;

  private NearMatches() {}

  static SealerException notFound(
      String source, RootfsPath wanted, FileTree tree, Collection<RootfsPath> paths) {
    String verb = Glob.hasWildcard(source) ? "matches nothing in" : "does not exist in";
    List<String> near = near(wanted, paths);
    String remedy =
        wanted.equals(Contexts.IMAGE_LIST_WITH_AUTH)
            ? "It has passwords, so it is read by the build and never copied."
            : leftOut(source, wanted, tree)
                .map(rule -> "It is left out by " + rule + ".")
                .orElseGet(() -> near.isEmpty() ? "" : "Did you mean " + quoted(near) + "?");
    return SealerException.builder(
            ErrorCode.SOURCE_NOT_FOUND,
            "COPY source \"" + source + "\" " + verb + " the build context " + tree)
        .remedy(remedy.isEmpty() ? "Give a path from the root of the build context." : remedy)
        .detail("source", source)
        .build();
  }

  private static String quoted(List<String> paths) {
    return paths.stream().map(path -> "\"" + path + "\"").collect(Collectors.joining(" or "));
  }

  private static Optional<IgnoreFile.Rule> leftOut(
      String source, RootfsPath wanted, FileTree tree) {
    if (!(tree instanceof ContextTree opened)) {
      return Optional.empty();
    }
    if (!Glob.hasWildcard(source)) {
      boolean there = opened.ignored().stream().anyMatch(path -> wanted.startsWith(path));
      return there ? opened.ignore().match(wanted) : Optional.empty();
    }
    Glob glob = Glob.compile(wanted.value());
    return opened.ignored().stream()
        .filter(path -> glob.matches(path.value()))
        .findFirst()
        .flatMap(path -> opened.ignore().match(path));
  }

  /** Paths with the same name elsewhere, or spelt nearly so; the nearest first. */
  private static List<String> near(RootfsPath wanted, Collection<RootfsPath> paths) {
    String text = wanted.value().toLowerCase(Locale.ROOT);
    int allowed = Math.max(1, Math.min(4, wanted.name().length() / 3));
    record Candidate(RootfsPath path, int distance) {}
    return paths.stream()
        .map(
            path ->
                new Candidate(
                    path,
                    path.name().equals(wanted.name())
                        ? 0
                        : distance(path.value().toLowerCase(Locale.ROOT), text, allowed)))
        .filter(candidate -> candidate.distance() <= allowed)
        .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::path))
        .limit(SHOWN)
        .map(candidate -> candidate.path().value())
        .toList();
  }

  /** The number of characters to change, or anything above the limit if that is exceeded. */
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) > limit) {
      return limit + 1;
    }
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
