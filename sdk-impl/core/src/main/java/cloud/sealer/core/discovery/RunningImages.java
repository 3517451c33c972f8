package cloud.sealer.core.discovery;

import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.DiscoveryReport.Finding;
import cloud.sealer.sdk.DiscoveryReport.Found;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.ClusterInspector.Observation;
import cloud.sealer.sdk.spi.ClusterInspector.RunningImage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Adds what a running cluster runs to what the files of the rootfs name.
 *
 * <p>An image that both tell of stays one image, pinned to the digest that runs. What the base
 * image brings runs too, and is left out: it is collected already. The cluster's own registry
 * serves images of all registries by their path alone, so a name there is taken for the image of
 * that path and tag.
 */
public final class RunningImages {
  private final Optional<String> registry;
  private final List<ContainerImage> present;
  private final Exclusions exclusions;
  private final NavigableMap<Reference, Set<ImageOrigin>> found = new TreeMap<>();
  private final List<Finding> excluded;
  private final List<Finding> unresolved;

  private RunningImages(
      DiscoveryReport report,
      Optional<String> registry,
      List<ContainerImage> present,
      DiscoveryPolicy policy) {
    this.registry = registry;
    this.present = List.copyOf(present);
    exclusions = new Exclusions(policy.exclusions());
    report.found().forEach(f -> found.put(f.image(), new LinkedHashSet<>(f.origins())));
    excluded = new ArrayList<>(report.excluded());
    unresolved = new ArrayList<>(report.unresolved());
  }

  /**
   * Makes one report of both.
   *
   * @param report what the files name
   * @param observation what the cluster runs
   * @param present what the base image has
   * @param policy what to leave out
   */
  public static DiscoveryReport merge(
      DiscoveryReport report,
      Observation observation,
      List<ContainerImage> present,
      DiscoveryPolicy policy) {
    RunningImages merge = new RunningImages(report, observation.registry(), present, policy);
    // Those that run know their digest; the others then find them by name.
    observation.images().stream().filter(i -> !i.digest().isEmpty()).forEach(merge::add);
    observation.images().stream().filter(i -> i.digest().isEmpty()).forEach(merge::add);
    return new DiscoveryReport(
        merge.found.entrySet().stream()
            .map(entry -> new Found(entry.getKey(), List.copyOf(entry.getValue())))
            .toList(),
        report.suspected(),
        merge.excluded,
        merge.unresolved);
  }

  private void add(RunningImage image) {
    ImageOrigin origin =
        new ImageOrigin(
            RootfsPath.ROOT, 0, image.object(), image.path(), 0, ImageOrigin.CLUSTER_RULE);
    Reference name;
    try {
      name = Reference.parse(image.name(), Reference.Defaults.DOCKER);
    } catch (IllegalArgumentException e) {
      unresolved.add(new Finding(image.name(), List.of(origin), String.valueOf(e.getMessage())));
      return;
    }
    Optional<Digest> digest = name.digest().or(() -> digest(image.digest()));
    if (isPresent(name, digest)) {
      return;
    }
    Optional<Reference> known = known(name, digest);
    Optional<String> exclusion = known.isPresent() ? Optional.empty() : exclusions.match(name);
    if (exclusion.isPresent()) {
      excluded.add(
          new Finding(
              name.toString(),
              List.of(origin),
              "it matches the exclusion \"" + exclusion.get() + "\""));
      return;
    }
    Reference named = known.orElse(name);
    Reference pinned = named.digest().isPresent() ? named : pin(named, digest);
    Set<ImageOrigin> origins = found.remove(named);
    Set<ImageOrigin> all = found.computeIfAbsent(pinned, key -> new LinkedHashSet<>());
    if (origins != null) {
      all.addAll(origins);
    }
    all.add(origin);
  }

  /** The tag stays: it is what the cluster asks its registry for. */
  private static Reference pin(Reference image, Optional<Digest> digest) {
    return digest.map(pinned -> Reference.parse(image + "@" + pinned)).orElse(image);
  }

  private static Optional<Digest> digest(String repository) {
    try {
      return Optional.of(repository.substring(repository.indexOf('@') + 1))
          .filter(text -> !text.isEmpty())
          .map(Digest::parse);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private boolean isPresent(Reference name, Optional<Digest> digest) {
    return present.stream()
        .filter(image -> sameName(image.reference(), name))
        .anyMatch(
            image ->
                digest.isEmpty()
                    || digest.get().equals(image.digest())
                    || digest.get().equals(image.manifest()));
  }

  private Optional<Reference> known(Reference name, Optional<Digest> digest) {
    return found.keySet().stream()
        .filter(other -> sameName(other, name))
        .filter(
            other -> digest.isEmpty() || other.digest().isEmpty() || other.digest().equals(digest))
        .findFirst();
  }

  private boolean sameName(Reference known, Reference running) {
    return known.repository().equals(running.repository())
        && known.tag().equals(running.tag())
        && (known.registry().equals(running.registry())
            || registry.filter(running.registry()::equals).isPresent());
  }
}
