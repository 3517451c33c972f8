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

  @Mixin private ClusterName cluster;

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
    if (hosts.isEmpty() && cluster.given() == null && file == null && !all) {
      throw new ParameterException(
          spec.commandLine(), "what? Give -m or -n for hosts; -c, -f or -a for a whole cluster");
    }
    return work.change(this::change, dryRun);
  }

  private ClusterChange change(Runner runner) {
    String name = name(runner);
    boolean whole = hosts.isEmpty();
    String what =
        whole ? "the cluster " + name : hosts.addresses().size() + " hosts of the cluster " + name;
    if (!force && !dryRun) {
      confirm(what);
    }
    return whole
        ? new ClusterChange.Delete(name)
        : new ClusterChange.Remove(name, hosts.addresses());
  }

  private String name(Runner runner) {
    if (file == null) {
      return cluster.of(runner);
    }
    String ofFile = work.read(file).name();
    String given = cluster.given();
    if (given != null && !given.equals(ofFile)) {
      throw new ParameterException(
          spec.commandLine(), "-c says " + given + " but " + file + " is of " + ofFile);
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
