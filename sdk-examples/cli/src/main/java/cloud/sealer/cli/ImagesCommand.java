package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterImage;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sealer images}. */
@Command(name = "images", description = "List the images of the store.", sortOptions = false)
final class ImagesCommand implements Callable<Integer> {
  @Mixin private Common common;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json.")
  private Format format;

  @SuppressWarnings("NullAway.Init")
  ImagesCommand() {}

  @Override
  public Integer call() {
    List<ClusterImage> images = common.with((sealer, listener) -> sealer.images().list());
    if (format == Format.JSON) {
      ArrayNode array = Json.array();
      images.forEach(image -> array.add(Json.image(image)));
      common.out().println(Json.text(array));
      return 0;
    }
    String row = "%-50s %-14s %-20s %10s%n";
    common.out().printf(row, "NAME", "DIGEST", "PLATFORMS", "SIZE");
    for (ClusterImage image : images) {
      common
          .out()
          .printf(
              row,
              image.reference().familiar(common.names()),
              image.digest().hex().substring(0, 12),
              image.platforms().isEmpty()
                  ? "damaged"
                  : image.platforms().stream()
                      .map(platform -> platform.platform().toString())
                      .collect(Collectors.joining(",")),
              Progress.bytes(image.size()));
    }
    return 0;
  }
}
