package cloud.sealer.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sealer save}. */
@Command(name = "save", description = "Write an image into one file.", sortOptions = false)
final class SaveCommand implements Callable<Integer> {
  @Mixin private Common common;

  @Parameters(index = "0", paramLabel = "NAME", description = "The name of the image.")
  private String name;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "The file to write.")
  private Path output;

  @SuppressWarnings("NullAway.Init")
  SaveCommand() {}

  @Override
  public Integer call() {
    common.with(
        (sealer, listener) -> {
          sealer.images().save(name, output, listener);
          return output;
        });
    return 0;
  }
}
