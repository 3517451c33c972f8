package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.Runner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sealer delete}. */
@Command(
    name = "delete",
    description = "Remove hosts from a cluster, or a whole cluster from its hosts.",
    sortOptions = false)
final class DeleteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ClusterWork work;
  @Mixin private HostList hosts;

  @Mixin private RecordedCluster cluster;
  @Mixin private KubeconfigOption kubeconfig;

  @Option(
      names = {"-a", "--all"},
      description = "Remove the only cluster that is recorded.")
  private boolean all;

  @Mixin private Confirmation confirmation;
  @Mixin private DryRun dryRun;

  @SuppressWarnings("NullAway.Init")
  DeleteCommand() {}

  @Override
  public Integer call() {
    if (hosts.isEmpty() && !cluster.isGiven() && !all) {
      throw new ParameterException(
          spec.commandLine(), "what? Give -m or -n for hosts; -c, -f or -a for a whole cluster");
    }
    return work.change(
        (runner, options) -> change(runner),
        dryRun.wanted(),
        (runner, done, options) -> {
          if (done instanceof ClusterChange.Delete) {
            kubeconfig.remove(runner, done.cluster());
          } else {
            // It may name the host that went.
            kubeconfig.merge(runner, done.cluster(), options);
          }
        });
  }

  private ClusterChange change(Runner runner) {
    String name = cluster.name(work, runner);
    boolean whole = hosts.isEmpty();
    String what =
        whole ? "the cluster " + name : hosts.addresses().size() + " hosts of the cluster " + name;
    if (!dryRun.wanted()) {
      confirmation.remove(what);
    }
    return whole
        ? new ClusterChange.Delete(name)
        : new ClusterChange.Remove(name, hosts.addresses());
  }
}
