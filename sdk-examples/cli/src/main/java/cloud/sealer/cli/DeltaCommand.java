package cloud.sealer.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sealer delta}. */
@Command(
    name = "delta",
    description = "Write an archive of only what one image adds to another.",
    sortOptions = false)
final class DeltaCommand implements Callable<Integer> {
  @Mixin private Common common;

  @Parameters(
      index = "0",
      paramLabel = "FROM",
      description = "The image that is there already, or an archive.")
  private String from;

  @Parameters(
      index = "1",
      paramLabel = "TO",
      description = "The image that load makes of it there, or an archive.")
  private String to;

  @Mixin private OutputOptions output;

  @SuppressWarnings("NullAway.Init")
  DeltaCommand() {}

  @Override
  public Integer call() {
    return ImageName.with(
        common,
        List.of(from, to),
        (sealer, listener) -> {
          sealer
              .images()
              .delta(
                  ImageName.of(sealer, from), ImageName.of(sealer, to), output.output(), listener);
          return 0;
        });
  }
}
