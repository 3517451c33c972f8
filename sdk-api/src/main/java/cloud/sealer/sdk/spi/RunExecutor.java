package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.Platform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Executes a {@code RUN} command in a writable view of a rootfs and tells what it changed.
 * Thread-safe for different root directories.
 */
public interface RunExecutor {
  /**
   * The name users choose it by.
   *
   * @return a short lower-case word
   */
  String name();

  /**
   * Why it does not work on this machine.
   *
   * @return one sentence; empty if it works
   */
  Optional<String> unavailable();

  /**
   * Why it cannot execute commands on a rootfs for a platform.
   *
   * @param platform the platform of the rootfs, whose programs the command may call
   * @return one sentence; empty if it can, as the default says whenever it works at all
   */
  default Optional<String> unavailable(Platform platform) {
    return unavailable();
  }

  /**
   * Executes a command with the system shell. The current directory is the view's root, and the
   * view's {@code bin} comes first on the path.
   *
   * @param request what to execute
   * @param task where to pass on what the command prints
   * @return what the command changed: files and directories with their modes, links, deletions.
   *     Contents stay readable until the tree is closed, which also removes the view
   * @throws cloud.sealer.sdk.SealerException with {@link cloud.sealer.sdk.ErrorCode#RUN_FAILED},
   *     {@link cloud.sealer.sdk.ErrorCode#RUN_TIMEOUT} or {@link
   *     cloud.sealer.sdk.ErrorCode#CANCELLED}; every process the command started has ended then
   */
  FileTree run(Request request, Task task);

  /**
   * One command to execute.
   *
   * @param rootfs the rootfs so far, private to this build; whether the command's changes appear in
   *     it is up to the executor, and after a failure it is not used again
   * @param scratch an empty directory on the same file system, for the executor's own files;
   *     removed by the caller
   * @param command the shell text, with its variables replaced
   * @param environment the variables the command sees beside those of the executor
   * @param timeout how long it may take
   * @param title what messages call the command: its text as written, since the values of variables
   *     may be secret
   */
  record Request(
      Path rootfs,
      Path scratch,
      String command,
      Map<String, String> environment,
      Duration timeout,
      String title) {
    /** Checks and copies the parts. */
    public Request {
      Objects.requireNonNull(rootfs, "rootfs");
      Objects.requireNonNull(scratch, "scratch");
      Objects.requireNonNull(command, "command");
      Objects.requireNonNull(timeout, "timeout");
      Objects.requireNonNull(title, "title");
      environment = Collections.unmodifiableMap(new TreeMap<>(environment));
    }

    /**
     * A command without secrets, which messages show as it is.
     *
     * @param rootfs the rootfs so far
     * @param scratch an empty directory on the same file system
     * @param command the shell text
     * @param environment the variables the command sees beside those of the executor
     * @param timeout how long it may take
     */
    public Request(
        Path rootfs,
        Path scratch,
        String command,
        Map<String, String> environment,
        Duration timeout) {
      this(rootfs, scratch, command, environment, timeout, command);
    }
  }
}
