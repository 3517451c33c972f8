package cloud.sealer.core.run;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A command with all processes it starts. {@link #await} returns only when all of them have ended:
 * those of its process group by a signal to the group, those that left it because they are found by
 * their parent or their environment.
 */
final class CommandProcess {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** How long the command may take to end by itself after SIGTERM. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** How long the kernel may take to end killed processes. */
  private static final Duration KILL = Duration.ofSeconds(5);

  private final Path scratch;
  private final Process process;
  private final OutputReader output;
  private boolean interrupted;

  private CommandProcess(Path scratch, Process process, OutputReader output) {
    this.scratch = scratch;
    this.process = process;
    this.output = output;
  }

  /**
   * Starts a command line in the scratch directory.
   *
   * @param lines receives what it prints, on another thread
   */
  static CommandProcess start(
      Path scratch, Map<String, String> environment, List<String> line, Consumer<String> lines) {
    List<String> full = new ArrayList<>();
    full.addAll(List.of("/bin/sh", "-c", ShellScripts.SESSION, "sh", ShellScripts.SUPERVISE, "sh"));
    full.addAll(line);
    ProcessBuilder builder = new ProcessBuilder(full).directory(scratch.toFile());
    builder.redirectErrorStream(true);
    fill(builder.environment(), environment, scratch);
    try {
      Process process = builder.start();
      OutputReader output = new OutputReader(process.getInputStream(), lines);
      output.start();
      return new CommandProcess(scratch, process, output);
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.RUN_UNAVAILABLE, "the system shell cannot be started: " + e.getMessage())
          .remedy("RUN needs /bin/sh on the machine that builds")
          .cause(e)
          .build();
    }
  }

  private static void fill(Map<String, String> variables, Map<String, String> added, Path scratch) {
    variables.clear();
    variables.put("PATH", PATH);
    variables.put("HOME", scratch.resolve(ShellScripts.HOME).toString());
    variables.put("LANG", "C.UTF-8");
    variables.put("SHELL", "/bin/sh");
    added.forEach(
        (name, value) -> {
          try {
            variables.put(name, value);
          } catch (IllegalArgumentException e) {
            throw SealerException.builder(
                    ErrorCode.INVALID_REQUEST, "RUN cannot be given the variable \"" + name + "\"")
                .remedy("names have no \"=\", and neither names nor values have NUL characters")
                .cause(e)
                .build();
          }
        });
  }

  /**
   * Waits for the end of the command and of all it started, which is brought about if necessary.
   *
   * @return its exit status; empty if it took too long
   * @throws InterruptedException if the thread is interrupted while the command runs
   */
  OptionalInt await(Duration timeout) throws InterruptedException {
    boolean ended = false;
    try {
      ended = process.waitFor(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
    } finally {
      end(!ended);
    }
    return ended ? OptionalInt.of(status()) : OptionalInt.empty();
  }

  /** What the supervisor noted; its own exit status if it was killed before it could. */
  private int status() {
    try {
      String text = Files.readString(scratch.resolve(ShellScripts.STATUS)).strip();
      return Integer.parseInt(text);
    } catch (IOException | NumberFormatException e) {
      int status = process.exitValue();
      return status == 0 ? 1 : status;
    }
  }

  private void end(boolean early) {
    List<ProcessHandle> family = process.descendants().toList();
    OutputStream control = process.getOutputStream();
    if (early && send(control, "TERM\n")) {
      await(process, GRACE);
    }
    try {
      // The watcher takes this as the order to kill the process group.
      control.close();
    } catch (IOException e) {
      // The watcher has ended already, and so has the group.
    }
    if (!await(process, early ? GRACE : KILL)) {
      process.destroyForcibly();
    }
    family.forEach(ProcessHandle::destroyForcibly);
    interrupted |= StrayProcesses.end(scratch.resolve(ShellScripts.HOME), KILL);
    interrupted |= output.finish(early);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean send(OutputStream control, String signal) {
    try {
      control.write(signal.getBytes(StandardCharsets.US_ASCII));
      control.flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private boolean await(Process child, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      try {
        return child.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true; // an end already under way is not cut short
      }
    }
  }
}
