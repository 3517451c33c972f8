package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterChange;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sealer apply}. */
@Command(
    name = "apply",
    description = "Make a cluster as a Clusterfile says: create it, join and remove hosts.",
    sortOptions = false)
final class ApplyCommand implements Callable<Integer> {
  @Mixin private ClusterWork work;

  @Mixin private ClusterfileOption file;

  @Option(names = "--dry-run", description = "Show the steps, and do none of them.")
  private boolean dryRun;

  @SuppressWarnings("NullAway.Init")
  ApplyCommand() {}

  @Override
  public Integer call() {
    ClusterChange change = file.change(work);
    return work.change(runner -> change, dryRun);
  }
}
