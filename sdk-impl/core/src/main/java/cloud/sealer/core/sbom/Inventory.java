package cloud.sealer.core.sbom;

import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.spi.LayerStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * What an image has.
 *
 * @param image the image
 * @param created its time
 * @param items what it has, sorted, each with the platforms it is for
 */
public record Inventory(ClusterImage image, Instant created, SortedMap<Item, Set<Platform>> items) {
  /** Copies the items. */
  public Inventory {
    items = Collections.unmodifiableSortedMap(new TreeMap<>(items));
  }

  /** How many bytes {@link #read} will read of an image. */
  public static long size(ClusterImage image) {
    return image.platforms().stream()
        .flatMap(platform -> platform.layers().stream())
        .filter(RootfsScan::isRead)
        .mapToLong(Descriptor::size)
        .sum();
  }

  /**
   * Reads each layer of an image once, but those that hold container images.
   *
   * @param store the store of the image
   * @param image the image
   * @param progress hears of bytes read
   */
  public static Inventory read(LayerStore store, ClusterImage image, LongConsumer progress) {
    SortedMap<Item, Set<Platform>> items = new TreeMap<>();
    for (ClusterImage.PlatformImage platform : image.platforms()) {
      Set<Item> found = new TreeSet<>(RootfsScan.of(store, platform.layers(), progress));
      platform
          .metadata()
          .containerImages()
          .forEach(container -> found.add(new Item.Container(container)));
      found.forEach(
          item -> items.computeIfAbsent(item, i -> new TreeSet<>()).add(platform.platform()));
    }
    Instant created =
        image.platforms().stream()
            .flatMap(platform -> platform.metadata().created().stream())
            .max(Instant::compareTo)
            .orElse(Instant.EPOCH)
            .truncatedTo(ChronoUnit.SECONDS);
    return new Inventory(image, created, items);
  }

  /** A number that is the same for the same image. */
  UUID serialNumber() {
    return UUID.nameUUIDFromBytes(image.digest().toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** For which platforms an item is, where that is not all; else empty. */
  String onlyFor(Item item) {
    Set<Platform> platforms = items.getOrDefault(item, Set.of());
    return platforms.size() == image.platforms().size()
        ? ""
        : platforms.stream().map(Platform::toString).collect(Collectors.joining(", "));
  }

  /** The images it was built on, by full name. */
  Map<String, Digest> bases() {
    Map<String, Digest> bases = new LinkedHashMap<>();
    for (ClusterImage.PlatformImage platform : image.platforms()) {
      platform
          .metadata()
          .base()
          .ifPresent(
              name ->
                  platform
                      .metadata()
                      .baseDigest()
                      .ifPresent(digest -> bases.putIfAbsent(name, digest)));
    }
    return bases;
  }

  /** What to call its version: the tag, else the digest. */
  String version() {
    return image.reference().tag().orElseGet(() -> Objects.toString(image.digest()));
  }
}
