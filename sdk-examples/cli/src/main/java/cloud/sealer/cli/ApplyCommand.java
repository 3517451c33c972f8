package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterSpec;
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
  @Mixin private Confirmation confirmation;
  @Mixin private KubeconfigOption kubeconfig;

  @SuppressWarnings("NullAway.Init")
  ApplyCommand() {}

  @Override
  public Integer call() {
    ClusterSpec spec = file.spec(work);
    return work.change(
        (runner, options) ->
            confirmation.apply(
                spec, runner.clusters(), change -> runner.plan(change, options), dryRun),
        dryRun.wanted(),
        (runner, done, options) -> kubeconfig.merge(runner, done.cluster(), options));
  }
}
