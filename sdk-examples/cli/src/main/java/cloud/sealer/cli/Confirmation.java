package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.Runner;
import java.io.Console;
import java.util.LinkedHashSet;
import java.util.Set;
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
   * Applies a spec; asks before if hosts of the cluster are not in it any more. Which machines of
   * an infrastructure are left over is not known here.
   */
  ClusterChange apply(ClusterSpec wanted, Runner runner, DryRun dryRun) {
    Set<HostAddress> leaving = new LinkedHashSet<>();
    runner.clusters().stream()
        .filter(state -> state.name().equals(wanted.name()))
        .forEach(state -> leaving.addAll(hosts(state)));
    wanted.hosts().forEach(host -> leaving.remove(host.address()));
    if (!leaving.isEmpty() && wanted.infrastructure().isEmpty() && !dryRun.wanted()) {
      remove(
          leaving.stream()
              .map(HostAddress::toString)
              .collect(Collectors.joining(", ", "", " from the cluster " + wanted.name())));
    }
    return new ClusterChange.Apply(wanted);
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
