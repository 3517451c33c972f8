package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Images that the command line names: by a name in the store, or by an archive of one image. */
final class ImageName {
  private ImageName() {}

  /**
   * Whether a text is the path of an archive: {@code *.tar}, compressed or not, or parts of one.
   */
  static boolean isArchive(String text) {
    try {
      Path path = Path.of(text);
      boolean named =
          text.matches(".*\\.(?:tar|tar\\.gz|tgz|tar\\.zst)")
              || text.matches("(?:.*/)?part-[0-9]{5,9}");
      return (named && Files.isRegularFile(path))
          || Files.isRegularFile(path.resolve("parts.json"));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Opens a Sealer that also sees the archives among some names, and works. */
  static <R> R with(Common common, List<String> names, BiFunction<Sealer, EventListener, R> work) {
    return with(common, names, builder -> builder, work);
  }

  /** The same with more settings. */
  static <R> R with(
      Common common,
      List<String> names,
      UnaryOperator<Sealer.Builder> more,
      BiFunction<Sealer, EventListener, R> work) {
    return common.with(
        builder -> {
          names.stream()
              .distinct()
              .filter(ImageName::isArchive)
              .map(Path::of)
              .forEach(builder::archive);
          return more.apply(builder);
        },
        work);
  }

  /** The name of an image: itself, or the digest of the only image in an archive. */
  static String of(Sealer sealer, String name) {
    return isArchive(name) ? only(sealer, name).digest().toString() : name;
  }

  /** The only image in an archive. */
  static ClusterImage only(Sealer sealer, String archive) {
    List<ClusterImage> images = sealer.images().archived(Path.of(archive));
    if (images.size() != 1) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST, archive + " has " + images.size() + " images, not one")
          .remedy("load it, then name one of them")
          .build();
    }
    return images.get(0);
  }
}
