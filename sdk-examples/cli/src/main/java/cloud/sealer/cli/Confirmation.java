package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.Plan;
import java.io.Console;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The question before something is removed, and the option that answers it. */
final class Confirmation {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--force", description = "Do not ask before hosts or a cluster are removed.")
  private boolean force;

  @SuppressWarnings("NullAway.Init")
  Confirmation() {}

  /** Asks whether to remove something; ends the command if not. */
  void remove(String what) {
    if (force) {
      return;
    }
    String answer = answer(what);
    if (!answer.trim().matches("(?i)y(es)?")) {
      throw new ParameterException(spec.commandLine(), "nothing was removed");
    }
  }

  /**
   * Applies a spec; asks before if hosts of the cluster are not in it any more, or if machines that
   * were made for the cluster are to go.
   *
   * @param wanted the spec
   * @param clusters the clusters that are recorded
   * @param planned makes a plan; asked only if it matters
   * @param dryRun whether nothing is changed anyway
   */
  ClusterChange apply(
      ClusterSpec wanted,
      List<ClusterState> clusters,
      Function<ClusterChange, Plan> planned,
      DryRun dryRun) {
    ClusterChange.Apply change = new ClusterChange.Apply(wanted);
    Optional<ClusterState> recorded =
        clusters.stream().filter(state -> state.name().equals(wanted.name())).findFirst();
    if (force || dryRun.wanted() || recorded.isEmpty()) {
      return change;
    }
    boolean made = wanted.infrastructure().isPresent();
    List<HostAddress> leaving =
        made ? removed(planned.apply(change)) : leaving(recorded.get(), wanted);
    if (!leaving.isEmpty()) {
      remove(
          leaving.stream()
              .map(HostAddress::toString)
              .collect(
                  Collectors.joining(
                      ", ",
                      made ? "for good the machines " : "",
                      " from the cluster " + wanted.name())));
    }
    return change;
  }

  /** The machines that a plan removes. */
  private static List<HostAddress> removed(Plan plan) {
    return plan.steps().stream()
        .filter(step -> step.name().equals(Plan.REMOVE_MACHINE))
        .flatMap(step -> step.host().stream())
        .toList();
  }

  private static List<HostAddress> leaving(ClusterState recorded, ClusterSpec wanted) {
    Set<HostAddress> leaving = hosts(recorded);
    wanted.hosts().forEach(host -> leaving.remove(host.address()));
    return List.copyOf(leaving);
  }

  private static Set<HostAddress> hosts(ClusterState state) {
    Set<HostAddress> hosts = new LinkedHashSet<>();
    state.spec().hosts().stream().map(Host::address).forEach(hosts::add);
    hosts.addAll(state.nodes());
    return hosts;
  }

  @SuppressWarnings("SystemConsoleNull") // the launcher sets jdk.console=java.base
  private String answer(String what) {
    Console console = System.console();
    String answer = console == null ? null : console.readLine("Remove %s? [y/N] ", what);
    if (answer == null) {
      throw new ParameterException(
          spec.commandLine(), "there is no terminal to confirm on: give --force to remove " + what);
    }
    return answer;
  }
}
