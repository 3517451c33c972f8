package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sealer plan}: without a subcommand of {@code apply}, else of the subcommand. */
@Command(
    name = "plan",
    description = "Show the steps of sealer apply, or of a subcommand, and change nothing.",
    synopsisSubcommandLabel = "[COMMAND]",
    sortOptions = false,
    subcommands = {
      RunCommand.class,
      ApplyCommand.class,
      JoinCommand.class,
      DeleteCommand.class,
      UpgradeCommand.class,
      CertCommand.class
    })
final class PlanCommand implements Callable<Integer> {
  @Mixin private ClusterWork work;

  @Mixin private ClusterfileOption file;

  @SuppressWarnings("NullAway.Init")
  PlanCommand() {}

  @Override
  public Integer call() {
    ClusterSpec spec = file.spec(work);
    return work.change((runner, options) -> new ClusterChange.Apply(spec), true);
  }
}
