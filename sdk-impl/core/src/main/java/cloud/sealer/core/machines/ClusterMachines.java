package cloud.sealer.core.machines;

import cloud.sealer.core.event.EventRelay;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.HostGroup;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.PartialFailureException;
import cloud.sealer.sdk.Plan;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.RunOptions.OnFailure;
import cloud.sealer.sdk.RunResult;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.InfrastructureProvider;
import cloud.sealer.sdk.spi.InfrastructureProvider.Leftover;
import cloud.sealer.sdk.spi.Machine;
import cloud.sealer.sdk.spi.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The machines of one cluster in one call: they come before the cluster needs them, and go after it
 * has let go of them.
 */
final class ClusterMachines {
  private final InfrastructureProvider provider;
  private final MachineRecord record;
  private final Function<HostConnector, Runner> runners;
  private final RunOptions options;
  private final Task task;

  ClusterMachines(
      InfrastructureProvider provider,
      MachineRecord record,
      Function<HostConnector, Runner> runners,
      RunOptions options,
      Task task) {
    this.provider = provider;
    this.record = record;
    this.runners = runners;
    this.options = options;
    this.task = task;
  }

  private List<Machine> there() {
    return provider.machines(record.owner(), record, task);
  }

  /** Works on the cluster, whose hosts are reached as the provider says, and in no other way. */
  <R> R work(BiFunction<Runner, RunOptions, R> work) {
    return work(there(), options, work);
  }

  private <R> R work(
      List<Machine> machines, RunOptions how, BiFunction<Runner, RunOptions, R> work) {
    try (HostConnector connector =
            machines.isEmpty() ? new UnreachableHosts() : provider.connector(machines, record);
        EventRelay relay = new EventRelay(task)) {
      return work.apply(runners.apply(connector), how.toBuilder().listener(relay).build());
    }
  }

  /** The spec with machines as its hosts. */
  private static ClusterSpec on(ClusterSpec spec, List<Machine> machines) {
    return spec.toBuilder()
        .infrastructure(null)
        .groups(machines.stream().map(machine -> group(machine.host())).toList())
        .build();
  }

  private static HostGroup group(Host host) {
    return new HostGroup(List.of(host.address()), host.roles(), host.ssh(), host.env());
  }

  /** The plan of a cluster that has no machines yet. */
  static Plan firstPlan(ClusterChange.Apply change, InfrastructureSpec wanted) {
    return new Plan(change, making(Scale.of(wanted, List.of())));
  }

  /** What can be known before there are machines to look at. */
  private static List<Plan.Step> making(Scale scale) {
    return List.of(
        new Plan.Step(1, "make machines", null, String.join(", ", scale.missing())),
        new Plan.Step(
            2, "make the cluster", null, "its steps are known once there are hosts to look at"));
  }

  /** The plan of an application to the machines that are there. */
  Plan plan(ClusterChange.Apply change, InfrastructureSpec wanted) {
    List<Machine> there = there();
    Scale scale = Scale.of(wanted, there);
    List<Plan.Step> steps = new ArrayList<>();
    if (scale.missing().isEmpty()) {
      ClusterChange onHosts = new ClusterChange.Apply(on(change.spec(), scale.kept()));
      steps.addAll(work(there, options, (runner, how) -> runner.plan(onHosts, how)).steps());
    } else {
      steps.addAll(making(scale));
    }
    steps.addAll(removing(stage(steps), scale.surplus()));
    return new Plan(change, steps);
  }

  /** The plan of a deletion. */
  Plan plan(ClusterChange.Delete change, Optional<ClusterState> recorded) {
    List<Machine> there = there();
    List<Plan.Step> steps = new ArrayList<>();
    recorded.ifPresent(
        state ->
            steps.addAll(
                work(there, deleting(state, there), (runner, how) -> runner.plan(change, how))
                    .steps()));
    int stage = stage(steps);
    steps.addAll(removing(stage, there));
    steps.add(new Plan.Step(stage, "remove what belongs to the machines", null, ""));
    return new Plan(change, steps);
  }

  private static int stage(List<Plan.Step> steps) {
    return steps.stream().mapToInt(Plan.Step::stage).max().orElse(0) + 1;
  }

  private static List<Plan.Step> removing(int stage, List<Machine> machines) {
    return machines.stream()
        .map(
            machine ->
                new Plan.Step(
                    stage,
                    Plan.REMOVE_MACHINE,
                    machine.host().address(),
                    machine.resource().name()))
        .toList();
  }

  /** What would stop an application to the machines that are there. */
  List<HostFinding> check(ClusterSpec spec, InfrastructureSpec wanted) {
    List<Machine> there = there();
    Scale scale = Scale.of(wanted, there);
    if (!scale.missing().isEmpty()) {
      provider.check(wanted, task);
    }
    return work(there, options, (runner, how) -> runner.check(on(spec, scale.kept()), how));
  }

  /**
   * Makes what is missing, makes the cluster as wanted, and removes the machines that it no longer
   * has.
   *
   * @param hasCluster whether there is a cluster on the machines, for certain or perhaps
   */
  RunResult apply(ClusterChange.Apply change, BooleanSupplier hasCluster) {
    InfrastructureSpec wanted = change.spec().infrastructure().orElseThrow();
    // Of a provider that was never used for it, the check tells best what is wrong with it.
    List<Machine> before = record.resources().isEmpty() ? List.of() : there();
    Set<String> known = known(before);
    Scale first = Scale.of(wanted, before);
    RunResult done;
    Scale now;
    try {
      if (!first.missing().isEmpty()) {
        provider.check(wanted, task);
      }
      provider.provide(record.owner(), wanted, record, task);
      List<Machine> there = there();
      now = Scale.of(wanted, there);
      requireAll(now);
      ClusterChange onHosts = new ClusterChange.Apply(on(change.spec(), now.kept()));
      done = work(there, options, (runner, how) -> runner.run(onHosts, how));
    } catch (SealerException e) {
      throw afterwards(e, change.cluster(), known, hasCluster);
    }
    List<Plan.Step> steps = new ArrayList<>();
    if (!first.missing().isEmpty()) {
      steps.add(making(first).get(0));
    }
    int shift = steps.size();
    done.plan().steps().forEach(step -> steps.add(shifted(step, shift)));
    steps.addAll(removing(stage(steps), now.surplus()));
    if (!now.surplus().isEmpty()) {
      requireGone(provider.release(record.owner(), now.surplus(), record, task));
    }
    return new RunResult(new Plan(change, steps), done.hosts());
  }

  /** The names of what there was before this call, also of machines that do not run. */
  private Set<String> known(List<Machine> before) {
    Set<String> known = new HashSet<>();
    before.forEach(machine -> known.add(machine.resource().name()));
    // One that was only planned is in no cluster: its maker never learned that it is there.
    record.resources().stream()
        .filter(each -> !each.id().isEmpty())
        .forEach(each -> known.add(each.name()));
    return known;
  }

  /** Without it, a machine that restarts at this moment would pass for one that is not wanted. */
  private static void requireAll(Scale scale) {
    if (!scale.missing().isEmpty()) {
      throw SealerException.builder(
              ErrorCode.MACHINES_UNAVAILABLE,
              "machines have stopped meanwhile: " + String.join(", ", scale.missing()))
          .remedy("look why they did, then try again")
          .retryable(true)
          .build();
    }
  }

  private static Plan.Step shifted(Plan.Step step, int stages) {
    return new Plan.Step(step.stage() + stages, step.name(), step.address(), step.reason());
  }

  /** What becomes of the machines of a call that failed, and what its caller learns of them. */
  private SealerException afterwards(
      SealerException failure, String cluster, Set<String> known, BooleanSupplier hasCluster) {
    if (failure.code() == ErrorCode.CANCELLED) {
      return record.resources().isEmpty() ? failure : Leftovers.staying(failure, cluster);
    }
    boolean inUse = hasCluster.getAsBoolean();
    if (options.onFailure() == OnFailure.ROLL_BACK) {
      try {
        return undo(known, inUse) ? failure : Leftovers.staying(failure, cluster);
      } catch (SealerException left) {
        return Leftovers.both(failure, left);
      }
    }
    if (!inUse && record.resources().isEmpty()) {
      record.delete(); // nothing was made
      return failure;
    }
    return known.isEmpty() || !inUse ? Leftovers.staying(failure, cluster) : failure;
  }

  /** Removes what this call has made; whether nothing of it is left, as far as is recorded. */
  private boolean undo(Set<String> known, boolean inUse) {
    if (known.isEmpty() && !inUse) {
      removeAll();
      return true;
    }
    List<Machine> made =
        there().stream().filter(machine -> !known.contains(machine.resource().name())).toList();
    requireGone(provider.release(record.owner(), made, record, task));
    return record.resources().stream().allMatch(each -> known.contains(each.name()));
  }

  /** Removes the cluster, if there is one, and then all machines. */
  RunResult delete(ClusterChange.Delete change, Optional<ClusterState> recorded) {
    List<Machine> there = there();
    Plan plan = new Plan(change, removing(1, there));
    RunResult done = new RunResult(plan, List.of());
    if (recorded.isPresent()) {
      RunOptions how = deleting(recorded.get(), there);
      RunResult cluster = deleteCluster(change, there, how);
      List<Plan.Step> steps = new ArrayList<>(cluster.plan().steps());
      steps.addAll(removing(stage(steps), there));
      done = new RunResult(new Plan(change, steps), cluster.hosts());
    }
    removeAll();
    return done;
  }

  /** Who is to go on whatever fails on a host has it removed with what is left on it. */
  private RunResult deleteCluster(
      ClusterChange.Delete change, List<Machine> there, RunOptions how) {
    try {
      return work(there, how, (runner, with) -> runner.run(change, with));
    } catch (PartialFailureException e) {
      if (how.onFailure() != OnFailure.CONTINUE) {
        throw e;
      }
      task.notice("the machines are removed as they are: " + e.getMessage());
      requireGone(provider.remove(record.owner(), record, task));
      return work(List.of(), how, (runner, with) -> runner.run(change, with));
    }
  }

  /** A host whose machine is gone has nothing that could be left on it. */
  private RunOptions deleting(ClusterState state, List<Machine> there) {
    Set<HostAddress> addresses =
        there.stream().map(machine -> machine.host().address()).collect(Collectors.toSet());
    boolean all =
        state.spec().hosts().stream().allMatch(host -> addresses.contains(host.address()));
    return all ? options : options.toBuilder().onFailure(OnFailure.CONTINUE).build();
  }

  private void removeAll() {
    requireGone(provider.remove(record.owner(), record, task));
    record.delete();
  }

  private void requireGone(List<Leftover> left) {
    if (!left.isEmpty()) {
      throw Leftovers.of(record.owner().name(), left);
    }
  }
}
