package cloud.sealer.cli;

import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.RunOptions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sealer exec}. */
@Command(
    name = "exec",
    description = "Execute a command on all hosts of a cluster at once.",
    sortOptions = false)
final class ExecCommand implements Callable<Integer> {
  @Mixin private ClusterWork work;

  @Mixin private ClusterName cluster;

  @Option(
      names = {"-r", "--roles", "--on"},
      paramLabel = "HOSTS",
      defaultValue = "",
      description = "Only on these hosts: roles, addresses and ranges with commas between.")
  private String on;

  @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command, for the shell.")
  private List<String> command;

  @SuppressWarnings("NullAway.Init")
  ExecCommand() {}

  @Override
  public Integer call() {
    List<HostResult> results =
        work.with(
            (runner, options) ->
                runner.exec(cluster.of(runner), on, String.join(" ", command), printing(options)));
    results.stream()
        .filter(host -> host.outcome() == HostResult.Outcome.FAILED)
        .forEach(work::print);
    return results.stream().anyMatch(host -> host.outcome() == HostResult.Outcome.FAILED) ? 1 : 0;
  }

  /** What the command prints is the result here, not progress. */
  private RunOptions printing(RunOptions options) {
    return work.common().isJson()
        ? options
        : options.toBuilder()
            .listener(new HostLines(work.common().out(), options.listener()))
            .build();
  }
}
