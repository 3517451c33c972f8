package cloud.sealer.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sealer rmi}. */
@Command(name = "rmi", description = "Take names of images away.", sortOptions = false)
final class RemoveCommand implements Callable<Integer> {
  @Mixin private Common common;

  @Parameters(arity = "1..*", index = "0..*", paramLabel = "NAME", description = "The names.")
  private List<String> names;

  @SuppressWarnings("NullAway.Init")
  RemoveCommand() {}

  @Override
  public Integer call() {
    common.with(
        (sealer, listener) -> {
          for (String name : names) {
            sealer.images().remove(name);
            common.out().println("removed " + name);
          }
          return names;
        });
    return 0;
  }
}
