package cloud.sealer.kubernetes.step;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.record.HostPaths;
import cloud.sealer.kubernetes.record.Journal;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.SecretProvider;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.Task;
import java.util.Objects;
import java.util.function.Function;

/**
 * Where a step works.
 *
 * @param view what was known of the host before the change
 * @param session the host
 * @param sessions gives sessions on other hosts of the cluster
 * @param journal takes notes of how to undo what is about to be done on the host
 * @param begunBefore whether an earlier run began this step on the host and did not finish it
 * @param shared values that steps make for one another in this run
 * @param options how the caller wants it done
 * @param task where to report
 */
public record StepContext(
    HostView view,
    HostSession session,
    Function<HostAddress, HostSession> sessions,
    Journal journal,
    boolean begunBefore,
    SharedValues shared,
    RunOptions options,
    Task task) {
  /** Checks the parts. */
  public StepContext {
    Objects.requireNonNull(view, "view");
    Objects.requireNonNull(session, "session");
    Objects.requireNonNull(journal, "journal");
  }

  /** Where our files are on the host. */
  public HostPaths paths() {
    return view.paths();
  }

  /** Who knows secrets. */
  public SecretProvider secrets() {
    return options.secrets();
  }

  /** Another host of the cluster; its session is closed by the engine. */
  public HostSession session(HostAddress other) {
    return sessions.apply(other);
  }

  /**
   * Executes a command on the host. What it prints goes to the task.
   *
   * @return its standard output, at most the first 4 MiB
   * @throws cloud.sealer.sdk.SealerException with {@link cloud.sealer.sdk.ErrorCode#COMMAND_FAILED}
   *     and the last lines it printed, if its status is not 0
   */
  public String exec(HostCommand command) {
    return Commands.exec(session, command, task::output);
  }
}
