package cloud.sealer.core.discovery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Several ranges of versions as the one that has what they have in common, in <a
 * href="https://helm.sh/docs/topics/charts/#the-kubeversion-field">Helm's syntax</a>: a comma means
 * and, {@code ||} means or and binds less.
 */
public final class KubernetesRanges {
  /** So many alternatives no chart asks for; what would make more is left out. */
  private static final int MAX_ALTERNATIVES = 256;

  private KubernetesRanges() {}

  /**
   * Joins ranges.
   *
   * @param ranges the ranges, such as {@code >=1.25.0-0} or {@code ~1.24 || >=1.26}
   * @return such as {@code >=1.25.0-0, ~1.24 || >=1.25.0-0, >=1.26}; empty if there is none
   */
  public static Optional<String> join(Collection<String> ranges) {
    List<Set<String>> joined = List.of(Set.of());
    for (String range : ranges) {
      List<Set<String>> next = new ArrayList<>();
      for (Set<String> one : joined) {
        for (Set<String> other : alternatives(range)) {
          Set<String> both = new LinkedHashSet<>(one);
          both.addAll(other);
          next.add(both);
        }
      }
      joined = next.size() > MAX_ALTERNATIVES ? joined : weakest(next);
    }
    return Optional.of(
            joined.stream().map(all -> String.join(", ", all)).collect(Collectors.joining(" || ")))
        .filter(text -> !text.isEmpty());
  }

  private static List<Set<String>> alternatives(String range) {
    List<Set<String>> alternatives =
        parts(range, "\\|\\|")
            .<Set<String>>map(
                text ->
                    parts(text, ",").collect(Collectors.toCollection(LinkedHashSet<String>::new)))
            .toList();
    return alternatives.isEmpty() ? List.of(Set.of()) : alternatives;
  }

  private static Stream<String> parts(String text, String separator) {
    return Stream.of(text.split(separator))
        .map(part -> part.strip().replaceAll("\\s+", " "))
        .filter(part -> !part.isEmpty());
  }

  /** Without those that ask for all that another one asks for, and more or the same. */
  private static List<Set<String>> weakest(List<Set<String>> all) {
    List<Set<String>> distinct = new ArrayList<>(new LinkedHashSet<>(all));
    return distinct.stream()
        .filter(
            one ->
                distinct.stream().noneMatch(other -> !other.equals(one) && one.containsAll(other)))
        .toList();
  }
}
