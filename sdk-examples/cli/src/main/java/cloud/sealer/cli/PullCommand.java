package cloud.sealer.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sealer pull}. */
@Command(
    name = "pull",
    description = "Get an image from the registry of its name.",
    sortOptions = false)
final class PullCommand implements Callable<Integer> {
  @Mixin private Common common;

  @Parameters(index = "0", paramLabel = "NAME", description = "The name of the image.")
  private String name;

  @SuppressWarnings("NullAway.Init")
  PullCommand() {}

  @Override
  public Integer call() {
    common
        .out()
        .println(
            name
                + " "
                + common.with((sealer, listener) -> sealer.images().pull(name, listener)).digest());
    return 0;
  }
}
