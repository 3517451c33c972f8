package cloud.sealer.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sealer save}. */
@Command(
    name = "save",
    description = "Write an image into an archive: one file, or parts.",
    sortOptions = false)
final class SaveCommand implements Callable<Integer> {
  @Mixin private Common common;

  @Parameters(index = "0", paramLabel = "IMAGE", description = "The image, or an archive.")
  private String name;

  @Mixin private OutputOptions output;

  @SuppressWarnings("NullAway.Init")
  SaveCommand() {}

  @Override
  public Integer call() {
    return ImageName.with(
        common,
        List.of(name),
        (sealer, listener) -> {
          sealer.images().save(ImageName.of(sealer, name), output.output(), listener);
          return 0;
        });
  }
}
