package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterChange;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sealer upgrade}. */
@Command(
    name = "upgrade",
    description = "Upgrade the Kubernetes of a cluster, one host after the other.",
    sortOptions = false)
final class UpgradeCommand implements Callable<Integer> {
  @Mixin private ClusterWork work;

  @Mixin private ClusterName cluster;

  @Mixin private KubeconfigOption kubeconfig;
  @Mixin private DryRun dryRun;

  @Parameters(index = "0", paramLabel = "IMAGE", description = "The image with the newer version.")
  private String image;

  @SuppressWarnings("NullAway.Init")
  UpgradeCommand() {}

  @Override
  public Integer call() {
    return work.change(
        (runner, options) -> new ClusterChange.Upgrade(cluster.of(runner), image),
        dryRun.wanted(),
        // The upgrade makes the administrator's certificate anew.
        (runner, done, options) -> kubeconfig.merge(runner, done.cluster(), options));
  }
}
