package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.Runner;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that names a cluster which is recorded. */
final class ClusterName {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-c", "--cluster", "--cluster-name"},
      paramLabel = "NAME",
      description = "The cluster; may be left out if only one is recorded.")
  private @Nullable String name;

  @SuppressWarnings("NullAway.Init")
  ClusterName() {}

  /** The name, if one is given. */
  @Nullable String given() {
    return name;
  }

  /** The name, or that of the only cluster that is recorded. */
  String of(Runner runner) {
    if (name != null) {
      return name;
    }
    List<ClusterState> all = runner.clusters();
    if (all.size() == 1) {
      return all.get(0).name();
    }
    throw new ParameterException(
        spec.commandLine(),
        all.isEmpty()
            ? "no cluster is recorded: give its name with -c, or its Clusterfile with -f"
            : "several clusters are recorded: name one with -c: "
                + String.join(", ", all.stream().map(ClusterState::name).toList()));
  }
}
