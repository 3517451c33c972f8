package cloud.sealer.core.machines;

import cloud.sealer.core.event.TaskTree;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.Plan;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.RunResult;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.InfrastructureProvider;
import cloud.sealer.sdk.spi.MachineOwner;
import cloud.sealer.sdk.spi.Task;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs clusters on machines that are made for them. Everything about clusters whose hosts are there
 * already goes to the runner beneath. Thread-safe.
 */
public final class MachineRunner implements Runner {
  private final Runner hosts;
  private final Function<HostConnector, Runner> runners;
  private final MachineRecords records;
  private final Supplier<Providers> providers;
  private final BiConsumer<String, RunOptions> images;
  private final Clock clock;

  /**
   * A runner.
   *
   * @param hosts runs clusters on hosts that are given by address
   * @param runners makes the same for one way to reach hosts, on the same records of clusters
   * @param records keeps what was made
   * @param providers make machines; asked for when some are needed
   * @param images fails if there is no image of a name, or if the options do not admit it
   * @param clock the clock for events
   */
  public MachineRunner(
      Runner hosts,
      Function<HostConnector, Runner> runners,
      MachineRecords records,
      Supplier<Providers> providers,
      BiConsumer<String, RunOptions> images,
      Clock clock) {
    this.hosts = hosts;
    this.runners = runners;
    this.records = records;
    this.providers = providers;
    this.images = images;
    this.clock = clock;
  }

  private static Optional<InfrastructureSpec> wanted(ClusterChange change) {
    return change instanceof ClusterChange.Apply apply
        ? apply.spec().infrastructure()
        : Optional.empty();
  }

  /** What is recorded of the machines of a cluster, only to be looked at. */
  private Optional<MachineRecord> look(String cluster) {
    return records.owners().isEmpty() ? Optional.empty() : records.look(owner(cluster).name());
  }

  private MachineOwner owner(String cluster) {
    return ClusterOwner.of(cluster, records.home());
  }

  private boolean concernsMachines(ClusterChange change) {
    return wanted(change).isPresent() || look(change.cluster()).isPresent();
  }

  private Optional<ClusterState> recorded(String cluster) {
    return hosts.clusters().stream().filter(state -> state.name().equals(cluster)).findFirst();
  }

  @Override
  public Plan plan(ClusterChange change, RunOptions options) {
    if (!concernsMachines(change)) {
      return hosts.plan(change, options);
    }
    Optional<MachineRecord> record = look(change.cluster());
    check(change, record, options);
    return with(
        "plan: " + title(change),
        options,
        task -> {
          Optional<ClusterMachines> there = record.map(known -> machines(known, options, task));
          Optional<InfrastructureSpec> wanted = wanted(change);
          if (wanted.isPresent()) {
            ClusterChange.Apply apply = (ClusterChange.Apply) change;
            return there
                .map(machines -> machines.plan(apply, wanted.get()))
                .orElseGet(() -> ClusterMachines.firstPlan(apply, wanted.get()));
          }
          ClusterMachines machines = there.orElseThrow();
          return change instanceof ClusterChange.Delete delete
              ? machines.plan(delete, recorded(change.cluster()))
              : machines.work((runner, how) -> runner.plan(change, how));
        });
  }

  @Override
  public RunResult execute(Plan plan, RunOptions options) {
    ClusterChange change = plan.change();
    if (!concernsMachines(change)) {
      return hosts.execute(plan, options);
    }
    Plan now = plan(change, options);
    if (!now.steps().equals(plan.steps())) {
      throw SealerException.builder(
              ErrorCode.PLAN_STALE,
              "the cluster "
                  + change.cluster()
                  + " is not as it was when the plan was made; by now the steps are:\n"
                  + now)
          .remedy("look at the new plan and execute that one")
          .build();
    }
    return run(change, options);
  }

  @Override
  public RunResult run(ClusterChange change, RunOptions options) {
    if (!concernsMachines(change)) {
      return hosts.run(change, options);
    }
    check(change, look(change.cluster()), options);
    return with(
        title(change),
        options,
        task -> {
          try (MachineRecord record = open(change)) {
            ClusterMachines machines = machines(record, options, task);
            if (wanted(change).isPresent()) {
              return machines.apply(
                  (ClusterChange.Apply) change, () -> recorded(change.cluster()).isPresent());
            }
            return change instanceof ClusterChange.Delete delete
                ? machines.delete(delete, recorded(change.cluster()))
                : machines.work((runner, how) -> runner.run(change, how));
          }
        });
  }

  private MachineRecord open(ClusterChange change) {
    MachineOwner owner = owner(change.cluster());
    return records
        .open(owner.name())
        .orElseGet(
            () -> {
              InfrastructureSpec wanted =
                  wanted(change)
                      .orElseThrow(
                          () ->
                              invalid(
                                  "the machines of " + change.cluster() + " are gone by now",
                                  "look which clusters there are"));
              return records.adopt(owner, providers.get().choose(wanted.provider()).name());
            });
  }

  /** What cannot be done to machines, before any is made or touched. */
  private void check(ClusterChange change, Optional<MachineRecord> record, RunOptions options) {
    Optional<InfrastructureSpec> wanted = wanted(change);
    if (wanted.isPresent()) {
      String provider = providers.get().choose(wanted.get().provider()).name();
      if (record.isEmpty() && recorded(change.cluster()).isPresent()) {
        throw invalid(
            "the cluster " + change.cluster() + " runs on hosts that were not made for it",
            "name its hosts as before, or give the new cluster another name");
      }
      if (record.isPresent() && !record.get().provider().equals(provider)) {
        throw invalid(
            "the machines of " + change.cluster() + " are of " + record.get().provider(),
            "name that provider, or delete the cluster first");
      }
      String image = ((ClusterChange.Apply) change).spec().image();
      if (!image.isEmpty()) {
        images.accept(image, options);
      }
    } else if (change instanceof ClusterChange.Join
        || change instanceof ClusterChange.Remove
        || change instanceof ClusterChange.Apply) {
      throw invalid(
          "the cluster " + change.cluster() + " runs on machines that were made for it",
          "change the counts in its document of kind Infra, and apply that");
    }
  }

  private static SealerException invalid(String message, String remedy) {
    return SealerException.builder(ErrorCode.INVALID_REQUEST, message).remedy(remedy).build();
  }

  private ClusterMachines machines(MachineRecord record, RunOptions options, Task task) {
    InfrastructureProvider provider = providers.get().choose(record.provider());
    return new ClusterMachines(provider, record, runners, options, task);
  }

  private <R> R with(String what, RunOptions options, Function<Task, R> work) {
    try (TaskTree tasks = new TaskTree(options.listener(), clock);
        Task task = tasks.start(Event.TaskKind.CLUSTER, what, -1)) {
      R result = work.apply(task);
      task.done("");
      return result;
    }
  }

  /** Does something with a cluster that changes neither it nor its machines. */
  private <R> R read(
      String cluster, String what, RunOptions options, BiFunction<Runner, RunOptions, R> work) {
    Optional<MachineRecord> record = look(cluster);
    return record.isEmpty()
        ? work.apply(hosts, options)
        : with(what, options, task -> machines(record.get(), options, task).work(work));
  }

  @Override
  public List<HostResult> exec(
      String cluster, String selection, String command, RunOptions options) {
    return read(
        cluster,
        "exec on " + cluster,
        options,
        (runner, how) -> runner.exec(cluster, selection, command, how));
  }

  @Override
  public List<HostFinding> check(ClusterSpec spec, RunOptions options) {
    Optional<InfrastructureSpec> wanted = spec.infrastructure();
    if (wanted.isEmpty()) {
      return read(
          spec.name(), "check " + spec.name(), options, (runner, how) -> runner.check(spec, how));
    }
    Optional<MachineRecord> record = look(spec.name());
    check(new ClusterChange.Apply(spec), record, options);
    return with(
        "check " + spec.name(),
        options,
        task -> {
          if (record.isEmpty()) {
            providers.get().choose(wanted.get().provider()).check(wanted.get(), task);
            return List.of();
          }
          return machines(record.get(), options, task).check(spec, wanted.get());
        });
  }

  @Override
  public Secret kubeconfig(String cluster, RunOptions options) {
    return read(
        cluster,
        "kubeconfig of " + cluster,
        options,
        (runner, how) -> runner.kubeconfig(cluster, how));
  }

  @Override
  public void mergeKubeconfig(String cluster, Path file, RunOptions options) {
    read(
        cluster,
        "kubeconfig of " + cluster,
        options,
        (runner, how) -> {
          runner.mergeKubeconfig(cluster, file, how);
          return file;
        });
  }

  @Override
  public void removeFromKubeconfig(String cluster, Path file) {
    hosts.removeFromKubeconfig(cluster, file);
  }

  @Override
  public List<ClusterState> clusters() {
    return hosts.clusters();
  }

  private static String title(ClusterChange change) {
    return change.getClass().getSimpleName().toLowerCase(Locale.ROOT) + " " + change.cluster();
  }
}
