package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.host.Uninterrupted;
import cloud.sealer.kubernetes.lease.HostLeases;
import cloud.sealer.kubernetes.lease.LocalLease;
import cloud.sealer.kubernetes.record.ClusterRecords;
import cloud.sealer.kubernetes.record.HostPaths;
import cloud.sealer.kubernetes.rootfs.Kubeconfig;
import cloud.sealer.kubernetes.step.Workflow;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.Plan;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.RunResult;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.RunnerProvider;
import cloud.sealer.sdk.spi.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Plans changes of clusters and makes them. */
public final class DefaultRunner implements Runner {
  private static final int PLANS = 3;

  private final RunnerProvider.Settings settings;
  private final Workflow workflow;
  private final @Nullable Function<HostAddress, String> data;
  private final ClusterRecords records;
  private final ImageOpener images;

  /**
   * A runner.
   *
   * @param settings what it works with
   * @param workflow what the steps of a change are
   */
  public DefaultRunner(RunnerProvider.Settings settings, Workflow workflow) {
    this(settings, workflow, null);
  }

  /** A runner whose hosts have the directories of clusters elsewhere. */
  DefaultRunner(
      RunnerProvider.Settings settings,
      Workflow workflow,
      @Nullable Function<HostAddress, String> data) {
    this.settings = settings;
    this.workflow = workflow;
    this.data = data;
    this.records = new ClusterRecords(settings.clusters());
    this.images = new ImageOpener(settings.images(), settings.store());
  }

  @Override
  public Plan plan(ClusterChange change, RunOptions options) {
    try (Sessions sessions = sessions(options)) {
      return plan(change, options, sessions);
    }
  }

  private Plan plan(ClusterChange change, RunOptions options, Sessions sessions) {
    try (Call call = call("plan: " + title(change), options, sessions)) {
      Target target = Target.of(change, records);
      Plan plan = planner(call, target.spec(), call.task()::notice).prepare(target).plan();
      call.task().done("");
      return plan;
    }
  }

  /** Nobody has looked at the plan, so one that is stale already is made again. */
  @Override
  public RunResult run(ClusterChange change, RunOptions options) {
    try (Sessions sessions = sessions(options)) {
      for (int attempt = 1; ; attempt++) {
        try {
          return execute(plan(change, options, sessions), options, sessions);
        } catch (SealerException e) {
          if (e.code() != ErrorCode.PLAN_STALE || attempt == PLANS) {
            throw e;
          }
        }
      }
    }
  }

  @Override
  public RunResult execute(Plan plan, RunOptions options) {
    try (Sessions sessions = sessions(options)) {
      return execute(plan, options, sessions);
    }
  }

  private RunResult execute(Plan plan, RunOptions options, Sessions sessions) {
    ClusterChange change = plan.change();
    String cluster = change.cluster();
    try (Call call = call(title(change), options, sessions)) {
      Target target = Target.of(change, records); // refuses a bad name before anything is made
      target
          .image()
          .filter(name -> !name.isEmpty())
          .ifPresent(name -> images.admitted(name, options.imagePolicy(), call.task()));
      try (LocalLease local = LocalLease.acquire(settings.clusters(), cluster, settings.clock())) {
        target = Target.of(change, records);
        try (HostLeases leases = lease(call, local, target, plan)) {
          // What there is to notice was told with the plan.
          Prepared prepared = planner(call, target.spec(), notice -> {}).prepare(target);
          requireSame(plan, prepared.plan());
          List<HostResult> results = execute(call, prepared, leases);
          call.task().done("");
          return new RunResult(plan, results);
        }
      }
    }
  }

  private List<HostResult> execute(Call call, Prepared prepared, HostLeases leases) {
    RecordKeeper keeper = new RecordKeeper(records, prepared, settings.clock());
    Execution execution = new Execution(call, prepared, leases, settings.clock());
    keeper.begin();
    try {
      execution.run();
      keeper.end(execution.hosts(), true);
    } catch (RuntimeException | Error e) {
      Uninterrupted.run(() -> keeper.end(execution.hosts(), false));
      throw e;
    }
    List<HostResult> results =
        Stream.concat(
                execution.hosts().stream().map(HostProgress::result), prepared.lost().stream())
            .toList();
    if (execution.failed()) {
      throw HostFailures.of(
          switch (call.options().onFailure()) {
            case STOP -> "the run stopped there";
            case CONTINUE -> "the run went on without them where it could";
            case ROLL_BACK -> "what the run had done was undone";
          },
          results);
    }
    return results;
  }

  /** Nobody is kept from anything by a run that has nothing to do. */
  private HostLeases lease(Call call, LocalLease local, Target target, Plan plan) {
    List<Host> wanted = plan.nothingToDo() ? List.of() : target.all();
    List<HostSession> sessions =
        call.onAll("connecting", wanted, (host, session) -> session).stream()
            .flatMap(attempt -> Stream.ofNullable(attempt.value()))
            .toList();
    return HostLeases.acquire(
        target.spec().name(), local, sessions, paths(target.spec()), call.parallel());
  }

  private static void requireSame(Plan wanted, Plan now) {
    if (!wanted.steps().equals(now.steps())) {
      throw SealerException.builder(
              ErrorCode.PLAN_STALE,
              "the cluster "
                  + now.change().cluster()
                  + " is not as it was when the plan was made; by now the steps are:\n"
                  + now)
          .remedy("look at the new plan and execute that one")
          .build();
    }
  }

  @Override
  public List<HostResult> exec(
      String cluster, String selection, String command, RunOptions options) {
    ClusterState state = records.require(cluster);
    List<Host> hosts = HostSelection.select(state.spec().hosts(), selection);
    try (Sessions sessions = sessions(options);
        Call call = call("exec on " + cluster, options, sessions)) {
      List<HostResult> results =
          call
              .onAll(
                  "exec on " + cluster,
                  hosts,
                  (host, session) -> exec(call, session, paths(state.spec()), command))
              .stream()
              .map(
                  attempt ->
                      new HostResult(
                          attempt.host().address(),
                          attempt.failure() == null
                              ? HostResult.Outcome.DONE
                              : HostResult.Outcome.FAILED,
                          List.of(),
                          attempt.failure()))
              .toList();
      call.task().done("");
      return results;
    }
  }

  private static String exec(
      Call call, HostSession session, Function<HostAddress, HostPaths> paths, String command) {
    HostAddress address = session.host().address();
    try (Task task = call.task().start(Event.TaskKind.EXEC, address.toString(), -1)) {
      String printed =
          Commands.exec(
              session,
              HostCommand.builder(command)
                  .title("the command")
                  .directory(paths.apply(address).rootfs())
                  .build(),
              task::output);
      task.done("");
      return printed;
    }
  }

  @Override
  public List<HostFinding> check(ClusterSpec spec, RunOptions options) {
    try (Sessions sessions = sessions(options);
        Call call = call("check " + spec.name(), options, sessions)) {
      Target target = Target.of(new ClusterChange.Apply(spec), records);
      List<HostFinding> findings = planner(call, spec, call.task()::notice).check(target);
      call.task().done("");
      return findings;
    }
  }

  @Override
  public Secret kubeconfig(String cluster, RunOptions options) {
    ClusterState state = records.require(cluster);
    try (Sessions sessions = sessions(options);
        Call call = call("kubeconfig of " + cluster, options, sessions)) {
      Secret kubeconfig = AdminKubeconfig.fetch(call, state.spec());
      call.task().done("");
      return kubeconfig;
    }
  }

  @Override
  public void mergeKubeconfig(String cluster, Path file, RunOptions options) {
    String own = kubeconfig(cluster, options).reveal();
    AdminKubeconfig.update(file, existing -> Kubeconfig.with(existing, own, cluster));
  }

  @Override
  public void removeFromKubeconfig(String cluster, Path file) {
    AdminKubeconfig.update(file, existing -> Kubeconfig.without(existing, cluster));
  }

  @Override
  public List<ClusterState> clusters() {
    return records.all();
  }

  private Sessions sessions(RunOptions options) {
    return new Sessions(settings.connectors(), options.secrets());
  }

  private Call call(String what, RunOptions options, Sessions sessions) {
    return new Call(what, options, sessions, settings.clock());
  }

  private Planner planner(Call call, ClusterSpec spec, Consumer<String> notices) {
    return new Planner(workflow, images, paths(spec), call, notices);
  }

  private Function<HostAddress, HostPaths> paths(ClusterSpec spec) {
    Function<HostAddress, String> elsewhere = data;
    return address ->
        new HostPaths(elsewhere == null ? spec.dataRoot() : elsewhere.apply(address), spec.name());
  }

  private static String title(ClusterChange change) {
    return change.getClass().getSimpleName().toLowerCase(Locale.ROOT) + " " + change.cluster();
  }
}
