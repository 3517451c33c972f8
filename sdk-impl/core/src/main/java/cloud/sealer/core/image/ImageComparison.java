package cloud.sealer.core.image;

import cloud.sealer.core.event.TaskStarter;
import cloud.sealer.core.layer.RegistryTree;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.ImageDiff;
import cloud.sealer.sdk.ImageDiff.Change;
import cloud.sealer.sdk.ImageDiff.PlatformDiff;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares two cluster images. */
final class ImageComparison {
  private final LayerStore store;

  ImageComparison(LayerStore store) {
    this.store = store;
  }

  ImageDiff compare(ClusterImage from, ClusterImage to, TaskStarter parent) {
    Map<Digest, Long> before = blobs(from);
    Map<Digest, Long> after = blobs(to);
    String name = from.reference() + " and " + to.reference();
    try (Task task = parent.start(Event.TaskKind.COMPARISON, name, -1)) {
      FileListing listing = new FileListing(store, task::advance);
      TreeSet<Platform> platforms = new TreeSet<>();
      from.platforms().forEach(platform -> platforms.add(platform.platform()));
      to.platforms().forEach(platform -> platforms.add(platform.platform()));
      List<PlatformDiff> diffs = new ArrayList<>();
      if (!from.digest().equals(to.digest())) {
        for (Platform platform : platforms) {
          diffs.add(compare(platform, of(from, platform), of(to, platform), listing));
        }
      }
      long shared = sum(before) - missing(before, after);
      task.done("");
      return new ImageDiff(from, to, diffs, missing(after, before), missing(before, after), shared);
    }
  }

  private Map<Digest, Long> blobs(ClusterImage image) {
    Map<Digest, Long> blobs = new HashMap<>();
    for (Descriptor blob : new ImageReader(store).blobs(image.descriptor())) {
      blobs.put(blob.digest(), blob.size());
    }
    return blobs;
  }

  private static long sum(Map<Digest, Long> blobs) {
    return blobs.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The bytes of what the other does not have. */
  private static long missing(Map<Digest, Long> blobs, Map<Digest, Long> other) {
    return blobs.entrySet().stream()
        .filter(blob -> !other.containsKey(blob.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private static Optional<PlatformImage> of(ClusterImage image, Platform platform) {
    return image.platforms().stream()
        .filter(candidate -> candidate.platform().equals(platform))
        .findFirst();
  }

  private static PlatformDiff compare(
      Platform platform,
      Optional<PlatformImage> from,
      Optional<PlatformImage> to,
      FileListing listing) {
    NavigableMap<RootfsPath, FileListing.Item> before = files(from, listing);
    NavigableMap<RootfsPath, FileListing.Item> after = files(to, listing);
    return new PlatformDiff(
        platform,
        containerImages(images(from), images(to)),
        changes(charts(before), charts(after), String::equals, Function.identity()),
        changes(
            byName(before), byName(after), FileListing.Item::isLike, FileListing.Item::describe),
        commands(from, to),
        changes(settings(from), settings(to), String::equals, Function.identity()));
  }

  private static NavigableMap<RootfsPath, FileListing.Item> files(
      Optional<PlatformImage> image, FileListing listing) {
    if (image.isEmpty()) {
      return new TreeMap<>();
    }
    NavigableMap<RootfsPath, FileListing.Item> files =
        listing.files(RegistryContent.fileLayers(image.get()));
    files.keySet().removeIf(path -> path.startsWith(RegistryTree.ROOT));
    return files;
  }

  private static Map<String, FileListing.Item> byName(Map<RootfsPath, FileListing.Item> files) {
    Map<String, FileListing.Item> named = new TreeMap<>();
    files.forEach((path, item) -> named.put(path.value(), item));
    return named;
  }

  private static Map<String, String> charts(Map<RootfsPath, FileListing.Item> files) {
    Map<String, String> charts = new TreeMap<>();
    files
        .values()
        .forEach(
            item -> item.chart().ifPresent(chart -> charts.put(chart.name(), chart.version())));
    return charts;
  }

  private static List<ContainerImage> images(Optional<PlatformImage> image) {
    return image.map(found -> found.metadata().containerImages()).orElse(List.of());
  }

  /**
   * Pairs images of one name. What is left of a repository on both sides, if it is one image each,
   * is one whose version changed.
   */
  private static List<Change> containerImages(List<ContainerImage> from, List<ContainerImage> to) {
    Map<String, ContainerImage> before = byReference(from);
    Map<String, ContainerImage> after = byReference(to);
    List<Change> changes = new ArrayList<>();
    for (ContainerImage image : from) {
      ContainerImage same = after.get(image.reference().toString());
      if (same != null) {
        before.remove(image.reference().toString());
        after.remove(image.reference().toString());
        if (!same.digest().equals(image.digest())) {
          changes.add(change(image.reference().toString(), image, same));
        }
      }
    }
    Map<String, List<ContainerImage>> moved =
        after.values().stream().collect(Collectors.groupingBy(ImageComparison::repository));
    for (ContainerImage image : before.values()) {
      List<ContainerImage> others = moved.getOrDefault(repository(image), List.of());
      long mine =
          before.values().stream().filter(i -> repository(i).equals(repository(image))).count();
      if (mine == 1 && others.size() == 1) {
        changes.add(change(repository(image), image, others.get(0)));
        after.remove(others.get(0).reference().toString());
      } else {
        changes.add(change(image.reference().toString(), image, null));
      }
    }
    after.values().forEach(i -> changes.add(change(i.reference().toString(), null, i)));
    changes.sort(Comparator.comparing(Change::name));
    return changes;
  }

  private static Map<String, ContainerImage> byReference(List<ContainerImage> images) {
    Map<String, ContainerImage> map = new LinkedHashMap<>();
    images.forEach(image -> map.put(image.reference().toString(), image));
    return map;
  }

  private static String repository(ContainerImage image) {
    return image.reference().registry() + "/" + image.reference().repository();
  }

  private static Change change(
      String name, @Nullable ContainerImage before, @Nullable ContainerImage after) {
    return new Change(
        name,
        Optional.ofNullable(before).map(ImageComparison::describe),
        Optional.ofNullable(after).map(ImageComparison::describe));
  }

  private static String describe(ContainerImage image) {
    return image.reference().tag().map(tag -> tag + " ").orElse("") + image.digest();
  }

  /**
   * Commands are compared as a list: one that moved is not a change, one that is there twice is.
   */
  private static List<Change> commands(Optional<PlatformImage> from, Optional<PlatformImage> to) {
    List<String> before = new ArrayList<>(from.map(i -> i.metadata().commands()).orElse(List.of()));
    List<String> after = new ArrayList<>(to.map(i -> i.metadata().commands()).orElse(List.of()));
    for (String command : List.copyOf(before)) {
      if (after.remove(command)) {
        before.remove(command);
      }
    }
    List<Change> changes = new ArrayList<>();
    before.forEach(c -> changes.add(new Change("CMD", Optional.of(c), Optional.empty())));
    after.forEach(c -> changes.add(new Change("CMD", Optional.empty(), Optional.of(c))));
    return changes;
  }

  private static Map<String, String> settings(Optional<PlatformImage> image) {
    Map<String, String> settings = new TreeMap<>();
    if (image.isPresent()) {
      ClusterImage.Metadata metadata = image.get().metadata();
      metadata.kubernetesVersion().ifPresent(v -> settings.put("kubernetes version", v));
      metadata.kubernetesRange().ifPresent(v -> settings.put("kubernetes range", v));
      metadata.base().ifPresent(v -> settings.put("base", v));
      metadata.baseDigest().ifPresent(v -> settings.put("base digest", v.toString()));
      metadata.args().forEach((name, value) -> settings.put("ARG " + name, value));
    }
    return settings;
  }

  private static <T> List<Change> changes(
      Map<String, T> before,
      Map<String, T> after,
      BiPredicate<T, T> same,
      Function<T, String> describe) {
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    List<Change> changes = new ArrayList<>();
    for (String name : names) {
      T one = before.get(name);
      T other = after.get(name);
      if (one == null || other == null || !same.test(one, other)) {
        changes.add(
            new Change(
                name,
                Optional.ofNullable(one).map(describe),
                Optional.ofNullable(other).map(describe)));
      }
    }
    return changes;
  }
}
