package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterChange;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sealer plan}. */
@Command(
    name = "plan",
    description = "Show the steps of sealer apply, and change nothing.",
    sortOptions = false)
final class PlanCommand implements Callable<Integer> {
  @Mixin private ClusterWork work;

  @Mixin private ClusterfileOption file;

  @SuppressWarnings("NullAway.Init")
  PlanCommand() {}

  @Override
  public Integer call() {
    ClusterChange change = file.change(work);
    return work.change(runner -> change, true);
  }
}
