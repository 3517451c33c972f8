package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.Runner;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sealer check}. */
@Command(
    name = "check",
    description = "Check hosts before they become a cluster, or a cluster that is running.",
    sortOptions = false)
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ClusterWork work;
  @Mixin private HostList hosts;

  @Mixin private RecordedCluster cluster;

  @Option(names = "--image", paramLabel = "IMAGE", description = "The image they are to run.")
  private @Nullable String image;

  @Option(names = "--pre", description = "Check the hosts only, as before they are a cluster.")
  private boolean pre;

  @Option(names = "--post", description = "Check the health of the running cluster only.")
  private boolean post;

  @SuppressWarnings("NullAway.Init")
  CheckCommand() {}

  @Override
  public Integer call() {
    List<HostFinding> findings =
        work.with(
            (runner, options) ->
                runner.check(wanted(runner), options.toBuilder().checks(checks()).build()));
    findings.forEach(
        finding ->
            work.common()
                .out()
                .println(work.common().isJson() ? Json.finding(finding) : finding.toString()));
    boolean stops =
        findings.stream().anyMatch(each -> each.severity() == Diagnostic.Severity.ERROR);
    if (findings.isEmpty() && !work.common().isJson()) {
      work.common().out().println("all is well");
    }
    return stops ? 1 : 0;
  }

  private RunOptions.Checks checks() {
    if (pre && post) {
      throw new ParameterException(spec.commandLine(), "--pre and --post exclude each other");
    }
    return pre ? RunOptions.Checks.HOSTS : post ? RunOptions.Checks.CLUSTER : RunOptions.Checks.ALL;
  }

  private ClusterSpec wanted(Runner runner) {
    Optional<ClusterSpec> clusterfile = cluster.clusterfile(work);
    if (clusterfile.isPresent()) {
      return clusterfile.get();
    }
    if (!hosts.isEmpty()) {
      ClusterSpec.Builder builder =
          ClusterSpec.builder(
                  Objects.requireNonNullElse(cluster.givenName(), ClusterSpec.DEFAULT_NAME))
              .ssh(work.login().options(Settings.ofProcess()))
              .groups(hosts.groups());
      if (image != null) {
        builder.image(image);
      }
      return builder.build();
    }
    String name = cluster.name(work, runner);
    return runner.clusters().stream()
        .filter(state -> state.name().equals(name))
        .findFirst()
        .map(ClusterState::spec)
        .map(work::withLogin)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(), "no cluster " + name + " is recorded; give -f or -m"));
  }
}
