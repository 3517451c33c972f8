package cloud.sealer.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sealer version}. */
@Command(name = "version", description = "Show the version of this program.", sortOptions = false)
final class VersionCommand implements Callable<Integer> {
  @Mixin private Common common;

  @SuppressWarnings("NullAway.Init")
  VersionCommand() {}

  @Override
  public Integer call() {
    common.out().println("sealer " + Version.text());
    return 0;
  }
}
