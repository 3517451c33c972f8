package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import java.nio.file.Path;
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

  @Option(
      names = {"-f", "--Clusterfile", "--clusterfile"},
      paramLabel = "FILE",
      defaultValue = "Clusterfile",
      description = "The Clusterfile; by default ./Clusterfile.")
  private Path file;

  @Option(names = "--dry-run", description = "Show the steps, and do none of them.")
  private boolean dryRun;

  @SuppressWarnings("NullAway.Init")
  ApplyCommand() {}

  @Override
  public Integer call() {
    ClusterSpec spec = work.read(file);
    return work.change(runner -> new ClusterChange.Apply(spec), dryRun);
  }
}
