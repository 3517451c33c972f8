package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.lease.HostLeases;
import cloud.sealer.kubernetes.record.Fingerprint;
import cloud.sealer.kubernetes.record.Journal;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.SharedValues;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.RunOptions.OnFailure;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.Task;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Executes the steps of a change: stage after stage, the hosts of a stage at once, the steps of a
 * host in their order.
 */
final class Execution {
  private final Call call;
  private final Prepared prepared;
  private final HostLeases leases;
  private final Clock clock;
  private final OnFailure policy;
  private final SharedValues shared = new SharedValues();
  private final Map<HostAddress, HostProgress> hosts = new LinkedHashMap<>();
  private final List<Step> done = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean stopped;

  Execution(Call call, Prepared prepared, HostLeases leases, Clock clock) {
    this.call = call;
    this.prepared = prepared;
    this.leases = leases;
    this.clock = clock;
    this.policy = call.options().onFailure();
    prepared.situation().hosts().forEach(this::add);
    prepared.situation().leaving().forEach(this::add);
  }

  private void add(HostView view) {
    long planned =
        prepared.stages().stream()
            .flatMap(stage -> stage.steps().stream())
            .filter(step -> step.host().address().equals(view.address()))
            .count();
    hosts.put(view.address(), new HostProgress(view, call.session(view.address()), (int) planned));
  }

  /** What happened on each host so far, in the order of the spec. */
  Collection<HostProgress> hosts() {
    return hosts.values();
  }

  /** Executes all. A failure of a step is kept with its host; the rest follows the policy. */
  void run() {
    Rollback rollback = policy == OnFailure.ROLL_BACK ? Rollback.prepare(call, hosts()) : null;
    for (Stage stage : prepared.stages()) {
      if (!stopped) {
        run(stage);
      }
    }
    if (rollback != null && failed()) {
      rollback.run(List.copyOf(done), this::context);
    }
  }

  boolean failed() {
    return hosts.values().stream().anyMatch(HostProgress::failed);
  }

  private void run(Stage stage) {
    Map<HostAddress, List<Step>> byHost = new LinkedHashMap<>();
    for (Step step : stage.steps()) {
      byHost.computeIfAbsent(step.host().address(), address -> new ArrayList<>()).add(step);
    }
    call.parallel()
        .each(
            stage.name(),
            byHost.entrySet(),
            entry -> run(progress(entry.getKey()), entry.getValue()));
  }

  private HostProgress progress(HostAddress address) {
    HostProgress progress = hosts.get(address);
    if (progress == null) {
      throw new IllegalStateException("a step is for " + address + ", which is no host of this");
    }
    return progress;
  }

  private void run(HostProgress host, List<Step> steps) {
    for (Step step : steps) {
      if (stopped || host.failed()) {
        return;
      }
      try {
        run(host, step);
      } catch (SealerException e) {
        if (Thread.currentThread().isInterrupted() || e.code() == ErrorCode.CANCELLED) {
          throw e;
        }
        failed(host, step, e);
      } catch (RuntimeException e) {
        failed(
            host,
            step,
            SealerException.builder(
                    ErrorCode.INTERNAL, "the step \"" + step.name() + "\" failed: " + e)
                .remedy("report this as a defect")
                .cause(e)
                .build());
      }
    }
  }

  private void failed(HostProgress host, Step step, SealerException failure) {
    host.failed(failure);
    if (policy != OnFailure.CONTINUE || step.essential()) {
      stopped = true;
    }
  }

  private void run(HostProgress host, Step step) {
    leases.check();
    String title = step.wholeCluster() ? step.name() : host.address() + ": " + step.name();
    try (Task task = call.task().start(Event.TaskKind.STEP, title, -1)) {
      StepContext context = context(host, step, task);
      if (step.recorded()) {
        host.save(host.record().withBegun(step.name()));
      }
      step.run(context);
      step.verify(context);
      if (step.recorded()) {
        host.save(
            step.after(
                host.record()
                    .withHeld(step.name(), Fingerprint.of(step.fingerprint()), clock.instant())));
      } else {
        host.save(step.after(host.record()));
      }
      host.done(step);
      done.add(step);
      task.done("");
    }
  }

  private StepContext context(Step step, Task task) {
    return context(progress(step.host().address()), step, task);
  }

  private StepContext context(HostProgress host, Step step, Task task) {
    return new StepContext(
        host.view(),
        host.session(),
        call::session,
        new Journal(host.session(), host.view().paths(), step.name()),
        host.record().begun(step.name()),
        shared,
        call.options(),
        task);
  }
}
