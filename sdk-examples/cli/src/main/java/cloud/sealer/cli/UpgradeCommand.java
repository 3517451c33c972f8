package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterChange;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sealer upgrade}. */
@Command(
    name = "upgrade",
    description = "Upgrade the Kubernetes of a cluster, one host after the other.",
    sortOptions = false)
final class UpgradeCommand implements Callable<Integer> {
  @Mixin private ClusterWork work;

  @Option(
      names = {"-c", "--cluster", "--cluster-name"},
      paramLabel = "NAME",
      description = "The cluster; may be left out if only one is recorded.")
  private @Nullable String name;

  @Option(names = "--dry-run", description = "Show the steps, and do none of them.")
  private boolean dryRun;

  @Parameters(index = "0", paramLabel = "IMAGE", description = "The image with the newer version.")
  private String image;

  @SuppressWarnings("NullAway.Init")
  UpgradeCommand() {}

  @Override
  public Integer call() {
    return work.change(
        runner -> new ClusterChange.Upgrade(work.nameOrOnly(runner, name), image), dryRun);
  }
}
