package cloud.sealer.core.discovery;

import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.DiscoveryReport.Finding;
import cloud.sealer.sdk.DiscoveryReport.Found;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Merges what all discoverers report, in an order that does not depend on theirs. */
final class Findings implements ImageDiscoverer.Sink {
  private static final Comparator<ImageOrigin> BY_PLACE =
      Comparator.comparing(ImageOrigin::file)
          .thenComparingInt(ImageOrigin::document)
          .thenComparingInt(ImageOrigin::line)
          .thenComparing(ImageOrigin::object)
          .thenComparing(ImageOrigin::path)
          .thenComparing(ImageOrigin::rule);

  private static final int MAX_TEXT = 512;

  private final NavigableMap<Reference, NavigableSet<ImageOrigin>> found = new TreeMap<>();
  private final Uncertain suspected = new Uncertain();
  private final Uncertain unresolved = new Uncertain();
  private final NavigableMap<RootfsPath, NavigableSet<String>> kubernetesRanges = new TreeMap<>();
  private final Consumer<String> notices;

  Findings(Consumer<String> notices) {
    this.notices = notices;
  }

  @Override
  public void found(Reference image, ImageOrigin origin) {
    found.computeIfAbsent(image, key -> origins()).add(origin);
  }

  @Override
  public void suspected(String text, ImageOrigin origin, String reason) {
    suspected.add(text, origin, reason);
  }

  @Override
  public void unresolved(String text, ImageOrigin origin, String reason) {
    unresolved.add(text, origin, reason);
  }

  @Override
  public void notice(String message) {
    notices.accept(message);
  }

  @Override
  public void needsKubernetes(String range, RootfsPath file) {
    kubernetesRanges.computeIfAbsent(file, key -> new TreeSet<>()).add(range);
  }

  /** The versions of Kubernetes that all files that ask for certain ones agree on. */
  Optional<String> kubernetesRange() {
    return KubernetesRanges.join(
        kubernetesRanges.values().stream().flatMap(NavigableSet::stream).toList());
  }

  private static NavigableSet<ImageOrigin> origins() {
    return new TreeSet<>(BY_PLACE);
  }

  /**
   * The report. An addition is collected even if an exclusion matches it, because it is the more
   * exact wish.
   */
  DiscoveryReport report(DiscoveryPolicy policy) {
    Exclusions exclusions = new Exclusions(policy.exclusions());
    for (Reference addition : policy.additions()) {
      found(addition, new ImageOrigin(RootfsPath.ROOT, 0, "", "", 0, RuleNames.ADDITION));
    }
    suspected.moveKnownTo(found);
    Uncertain excluded = new Uncertain();
    List<Found> kept = new ArrayList<>();
    found.forEach(
        (image, origins) -> {
          Optional<String> pattern =
              policy.additions().contains(image) ? Optional.empty() : exclusions.match(image);
          if (pattern.isPresent()) {
            origins.forEach(
                origin -> excluded.add(image.toString(), origin, reason(pattern.get())));
          } else {
            kept.add(new Found(image, List.copyOf(origins)));
          }
        });
    suspected.moveExcludedTo(excluded, exclusions);
    unresolved.moveExcludedTo(excluded, exclusions);
    return new DiscoveryReport(kept, suspected.list(), excluded.list(), unresolved.list());
  }

  private static String reason(String pattern) {
    return "it matches the exclusion \"" + pattern + "\"";
  }

  /**
   * A file that is not what it seems to be must not fill the report and the messages made of it.
   */
  private static String shortened(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }

  /** Findings by text and reason. */
  private static final class Uncertain {
    private final NavigableMap<String, NavigableMap<String, NavigableSet<ImageOrigin>>> byText =
        new TreeMap<>();

    void add(String text, ImageOrigin origin, String reason) {
      byText
          .computeIfAbsent(shortened(text), key -> new TreeMap<>())
          .computeIfAbsent(shortened(reason), key -> origins())
          .add(origin);
    }

    /**
     * What is suspected here but certain elsewhere is no longer in doubt: it gets one more origin.
     */
    void moveKnownTo(Map<Reference, NavigableSet<ImageOrigin>> found) {
      byText
          .entrySet()
          .removeIf(
              entry -> {
                Reference image = ImageText.of(entry.getKey()).reference();
                NavigableSet<ImageOrigin> known = image == null ? null : found.get(image);
                if (known == null && image != null && areOfNodes(entry.getValue().values())) {
                  known = underSamePath(image, found);
                }
                if (known == null) {
                  return false;
                }
                entry.getValue().values().forEach(known::addAll);
                return true;
              });
    }

    private static boolean areOfNodes(Collection<NavigableSet<ImageOrigin>> origins) {
      return origins.stream()
          .flatMap(NavigableSet::stream)
          .allMatch(origin -> origin.rule().equals(RuleNames.NODE));
    }

    /** The registry of the cluster serves images of all registries, each under its path. */
    private static @Nullable NavigableSet<ImageOrigin> underSamePath(
        Reference image, Map<Reference, NavigableSet<ImageOrigin>> found) {
      for (Map.Entry<Reference, NavigableSet<ImageOrigin>> entry : found.entrySet()) {
        Reference other = entry.getKey();
        if (other.repository().equals(image.repository()) && other.tag().equals(image.tag())) {
          return entry.getValue();
        }
      }
      return null;
    }

    void moveExcludedTo(Uncertain excluded, Exclusions exclusions) {
      byText
          .entrySet()
          .removeIf(
              entry -> {
                Optional<String> pattern = exclusions.match(entry.getKey());
                pattern.ifPresent(
                    p ->
                        entry.getValue().values().stream()
                            .flatMap(NavigableSet::stream)
                            .forEach(origin -> excluded.add(entry.getKey(), origin, reason(p))));
                return pattern.isPresent();
              });
    }

    List<Finding> list() {
      List<Finding> list = new ArrayList<>();
      byText.forEach(
          (text, reasons) ->
              reasons.forEach(
                  (reason, origins) -> list.add(new Finding(text, List.copyOf(origins), reason))));
      return list;
    }
  }
}
