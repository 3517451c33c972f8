package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.record.HostRecord;
import cloud.sealer.kubernetes.record.Journal;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.Task;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Undoes what this run did: what steps say themselves, then the journals, back to where they were.
 */
final class Rollback {
  private final Call call;
  private final Collection<HostProgress> hosts;
  private final Map<HostAddress, Integer> journals;

  private Rollback(Call call, Collection<HostProgress> hosts, Map<HostAddress, Integer> journals) {
    this.call = call;
    this.hosts = hosts;
    this.journals = journals;
  }

  /** Notes where the journals of the hosts are before anything is done. */
  static Rollback prepare(Call call, Collection<HostProgress> hosts) {
    Map<HostAddress, Integer> journals = new HashMap<>();
    List<Integer> last =
        call.parallel()
            .map(
                "looking at journals",
                hosts,
                host -> Journal.last(host.session(), host.view().paths()));
    int i = 0;
    for (HostProgress host : hosts) {
      journals.put(host.address(), last.get(i++));
    }
    return new Rollback(call, hosts, journals);
  }

  /** Undoes; what cannot be undone is told, and added to the failure of its host. */
  void run(List<Step> done, BiFunction<Step, Task, StepContext> contexts) {
    try (Task task = call.task().start(Event.TaskKind.STEP, "undo what was done", -1)) {
      for (int i = done.size() - 1; i >= 0; i--) {
        Step step = done.get(i);
        attempt(host(step.host().address()), task, () -> step.undo(contexts.apply(step, task)));
      }
      call.parallel()
          .each(
              "undoing",
              hosts.stream().filter(HostProgress::touched).toList(),
              host -> attempt(host, task, () -> replay(host, done, task)));
      task.done("");
    }
  }

  private HostProgress host(HostAddress address) {
    return hosts.stream().filter(host -> host.address().equals(address)).findFirst().orElseThrow();
  }

  private void replay(HostProgress host, List<Step> done, Task task) {
    int after = journals.getOrDefault(host.address(), 0);
    Journal.replay(host.session(), host.view().paths(), after, task::output);
    HostRecord record = host.initialRecord().without(host.record().begun());
    for (Step step : done) {
      if (step.host().address().equals(host.address())) {
        record = record.without(step.name());
      }
    }
    if (record.steps().isEmpty() && after == 0) {
      UndoAll.removeDirectory(host.session(), host.view().paths());
      host.cleaned();
    } else {
      host.save(record);
    }
    host.undone();
  }

  private static void attempt(HostProgress host, Task task, Runnable work) {
    try {
      work.run();
    } catch (SealerException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      task.notice(host.address() + ": not undone: " + e.getMessage());
      host.failure().ifPresentOrElse(failure -> failure.addSuppressed(e), () -> host.failed(e));
    }
  }
}
