package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterChange;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sealer apply}. */
@Command(
    name = "apply",
    description = "Make a cluster as a Clusterfile says: create it, join and remove hosts.",
    sortOptions = false)
final class ApplyCommand implements Callable<Integer> {
  @Mixin private ClusterWork work;

  @Mixin private ClusterfileOption file;

  @Mixin private DryRun dryRun;
  @Mixin private KubeconfigOption kubeconfig;

  @SuppressWarnings("NullAway.Init")
  ApplyCommand() {}

  @Override
  public Integer call() {
    ClusterChange change = file.change(work);
    return work.change(
        runner -> change,
        dryRun.wanted(),
        (runner, done, options) -> kubeconfig.merge(runner, done.cluster(), options));
  }
}
