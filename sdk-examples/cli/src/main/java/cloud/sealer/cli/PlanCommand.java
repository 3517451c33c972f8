package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sealer plan}. */
@Command(
    name = "plan",
    description = "Show the steps of sealer apply, and change nothing.",
    sortOptions = false)
final class PlanCommand implements Callable<Integer> {
  @Mixin private ClusterWork work;

  @Option(
      names = {"-f", "--Clusterfile", "--clusterfile"},
      paramLabel = "FILE",
      defaultValue = "Clusterfile",
      description = "The Clusterfile; by default ./Clusterfile.")
  private Path file;

  @SuppressWarnings("NullAway.Init")
  PlanCommand() {}

  @Override
  public Integer call() {
    ClusterSpec spec = work.read(file);
    return work.change(runner -> new ClusterChange.Apply(spec), true);
  }
}
