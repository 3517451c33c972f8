package cloud.sealer.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sealer push}. */
@Command(
    name = "push",
    description = "Send an image to the registry of its name.",
    sortOptions = false)
final class PushCommand implements Callable<Integer> {
  @Mixin private Common common;

  @Parameters(index = "0", paramLabel = "NAME", description = "The name of the image.")
  private String name;

  @SuppressWarnings("NullAway.Init")
  PushCommand() {}

  @Override
  public Integer call() {
    common
        .out()
        .println(
            name + " " + common.with((sealer, listener) -> sealer.images().push(name, listener)));
    return 0;
  }
}
