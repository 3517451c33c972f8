package cloud.sealer.kubernetes.flow;

import cloud.sealer.core.event.TaskTree;
import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.Task;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What one plan or execution works with, and lets go of at its end but for the sessions. */
final class Call implements AutoCloseable {
  private final RunOptions options;
  private final Transfers parallel;
  private final TaskTree tasks;
  private final Task task;
  private final Sessions sessions;
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();

  Call(String what, RunOptions options, Sessions sessions, Clock clock) {
    this.options = options;
    this.parallel = new Transfers(options.parallelHosts());
    this.tasks = new TaskTree(options.listener(), clock);
    this.task = tasks.start(Event.TaskKind.CLUSTER, what, -1);
    this.sessions = sessions;
    sessions.tell(task);
    owned.push(tasks);
    owned.push(task);
  }

  RunOptions options() {
    return options;
  }

  Task task() {
    return task;
  }

  Transfers parallel() {
    return parallel;
  }

  Sessions sessions() {
    return sessions;
  }

  HostSession session(HostAddress address) {
    return sessions.get(address);
  }

  /** Closes something with the call, before what was owned earlier. */
  <T extends AutoCloseable> T own(T part) {
    owned.push(part);
    return part;
  }

  /**
   * What came out on a host.
   *
   * @param value the result; null if it failed
   * @param failure why; null if it did not
   */
  record Attempt<T>(Host host, @Nullable T value, @Nullable SealerException failure) {}

  /** Does the same on all hosts at once; one that fails does not end the others. */
  <T> List<Attempt<T>> onAll(
      String what, Collection<Host> hosts, BiFunction<Host, HostSession, T> work) {
    return parallel.map(
        what,
        hosts,
        host -> {
          try {
            return new Attempt<>(host, work.apply(host, sessions.open(host)), null);
          } catch (SealerException e) {
            if (Thread.currentThread().isInterrupted()) {
              throw e;
            }
            return new Attempt<T>(host, null, e);
          }
        });
  }

  @Override
  public void close() {
    @Nullable RuntimeException failure = null;
    for (AutoCloseable part : owned) {
      try {
        part.close();
      } catch (RuntimeException e) {
        failure = e;
      } catch (Exception e) {
        failure = new IllegalStateException(e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
