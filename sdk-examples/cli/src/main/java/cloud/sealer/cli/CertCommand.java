package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterChange;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sealer cert}. */
@Command(
    name = "cert",
    description = "Add names to the certificate of a cluster's API server.",
    sortOptions = false)
final class CertCommand implements Callable<Integer> {
  @Mixin private ClusterWork work;

  @Mixin private ClusterName cluster;

  @Option(
      names = "--alt-names",
      split = ",",
      required = true,
      paramLabel = "NAMES",
      description = "DNS names and IP addresses with commas between.")
  private List<String> names;

  @Mixin private DryRun dryRun;

  @SuppressWarnings("NullAway.Init")
  CertCommand() {}

  @Override
  public Integer call() {
    return work.change(
        (runner, options) -> new ClusterChange.ExtendCertificate(cluster.of(runner), names),
        dryRun.wanted());
  }
}
