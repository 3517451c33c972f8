package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterImage;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sealer load}. */
@Command(name = "load", description = "Read images from an archive.", sortOptions = false)
final class LoadCommand implements Callable<Integer> {
  @Mixin private Common common;

  @Option(
      names = {"-i", "--input"},
      paramLabel = "FILE",
      required = true,
      description = "The archive, or the directory or a part of one in parts.")
  private Path input;

  @SuppressWarnings("NullAway.Init")
  LoadCommand() {}

  @Override
  public Integer call() {
    List<ClusterImage> images =
        common.with((sealer, listener) -> sealer.images().load(input, listener));
    for (ClusterImage image : images) {
      common.out().println(image.reference().familiar(common.names()) + " " + image.digest());
    }
    return 0;
  }
}
