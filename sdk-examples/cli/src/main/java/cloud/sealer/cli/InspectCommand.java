package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterImage;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sealer inspect}. */
@Command(name = "inspect", description = "Show what is known of an image.", sortOptions = false)
final class InspectCommand implements Callable<Integer> {
  @Mixin private Common common;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "The name or digest of an image, or an archive.")
  private String name;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "json",
      description = "json or text.")
  private Format format;

  @SuppressWarnings("NullAway.Init")
  InspectCommand() {}

  @Override
  public Integer call() {
    ClusterImage image =
        ImageName.with(
            common,
            List.of(name),
            (sealer, listener) ->
                ImageName.isArchive(name)
                    ? ImageName.only(sealer, name)
                    : sealer.images().inspect(name));
    if (format == Format.JSON) {
      common.out().println(Json.text(Json.image(image)));
    } else {
      common.out().println(image.reference() + " " + image.digest());
      for (ClusterImage.PlatformImage platform : image.platforms()) {
        common.out().println(platform.platform() + ", " + platform.layers().size() + " layers");
        platform.metadata().commands().forEach(command -> common.out().println("  CMD " + command));
        platform
            .metadata()
            .containerImages()
            .forEach(container -> common.out().println("  " + container.reference()));
        platform.metadata().namedImages().forEach(named -> common.out().println("  " + named));
      }
    }
    return 0;
  }
}
