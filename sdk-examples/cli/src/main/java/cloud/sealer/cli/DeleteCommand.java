package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.Runner;
import java.io.Console;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = {"-c", "--cluster", "--cluster-name"},
      paramLabel = "NAME",
      description = "The cluster; without -m and -n all of it is removed.")
  private @Nullable String name;

  @Option(
      names = {"-f", "--Clusterfile", "--clusterfile"},
      paramLabel = "FILE",
      description = "The Clusterfile of the cluster to remove.")
  private @Nullable Path file;

  @Option(
      names = {"-a", "--all"},
      description = "Remove the only cluster that is recorded.")
  private boolean all;

  @Option(names = "--force", description = "Do not ask.")
  private boolean force;

  @Option(names = "--dry-run", description = "Show the steps, and do none of them.")
  private boolean dryRun;

  @SuppressWarnings("NullAway.Init")
  DeleteCommand() {}

  @Override
  public Integer call() {
    if (hosts.isEmpty() && name == null && file == null && !all) {
      throw new ParameterException(
          spec.commandLine(), "what? Give -m or -n for hosts; -c, -f or -a for a whole cluster");
    }
    return work.change(this::change, dryRun);
  }

  private ClusterChange change(Runner runner) {
    String cluster = cluster(runner);
    boolean whole = hosts.isEmpty();
    String what =
        whole
            ? "the cluster " + cluster
            : hosts.addresses().size() + " hosts of the cluster " + cluster;
    if (!force && !dryRun) {
      confirm(what);
    }
    return whole
        ? new ClusterChange.Delete(cluster)
        : new ClusterChange.Remove(cluster, hosts.addresses());
  }

  private String cluster(Runner runner) {
    if (file == null) {
      return work.nameOrOnly(runner, name);
    }
    String ofFile = work.read(file).name();
    if (name != null && !name.equals(ofFile)) {
      throw new ParameterException(
          spec.commandLine(), "-c says " + name + " but " + file + " is of " + ofFile);
    }
    return ofFile;
  }

  @SuppressWarnings("SystemConsoleNull") // the launcher sets jdk.console=java.base
  private void confirm(String what) {
    Console console = System.console();
    String answer = console == null ? null : console.readLine("Remove %s? [y/N] ", what);
    if (answer == null) {
      throw new ParameterException(
          spec.commandLine(), "there is no terminal to confirm on: give --force to remove " + what);
    }
    if (!answer.trim().matches("(?i)y(es)?")) {
      throw new ParameterException(spec.commandLine(), "nothing was removed");
    }
  }
}
