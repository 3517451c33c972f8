package cloud.sealer.core.run;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the exceptions for commands that failed, with what the user can do about it. */
final class RunFailure {
  private static final int COMMAND_LENGTH = 120;
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;

  /**
   * What dash, bash and busybox print: {@code sh: 1: helm: not found}, {@code sh: line 1: helm:
   * command not found}.
   */
  private static final Pattern SHELL_NOT_FOUND =
      Pattern.compile("^(?:.*: )?(?:line )?\\d+: (?:eval: )?(.+?): (?:command )?not found$");

  /** The same from other programs: {@code env: 'helm': No such file or directory}. */
  private static final Pattern OTHER_NOT_FOUND =
      Pattern.compile(
          "^.*: [‘'\"]?([^‘’'\": ]+)[’'\"]?: (?:(?:command )?not found|No such file or"
              + " directory)$");

  private static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 4, "SIGILL", 6, "SIGABRT", 8, "SIGFPE", 9,
          "SIGKILL", 11, "SIGSEGV", 13, "SIGPIPE", 15, "SIGTERM");

  private RunFailure() {}

  /** How messages name a command: its first line, shortened. */
  static String title(String command) {
    String first = command.strip().lines().findFirst().orElse("");
    boolean whole = first.length() == command.strip().length() && first.length() <= COMMAND_LENGTH;
    String shown = first.length() <= COMMAND_LENGTH ? first : first.substring(0, COMMAND_LENGTH);
    return "RUN " + shown + (whole ? "" : "…");
  }

  static SealerException of(String command, int status, OutputTail tail) {
    List<String> lines = tail.lines();
    String ended = "failed with status " + status;
    if (SIGNALS.containsKey(status - 128)) {
      ended += " (ended by " + SIGNALS.get(status - 128) + ")";
    }
    return SealerException.builder(
            ErrorCode.RUN_FAILED, "\"" + title(command) + "\" " + ended + lastLines(lines))
        .remedy(remedy(status, lines))
        .detail("status", status)
        .build();
  }

  static SealerException timeout(String command, Duration timeout) {
    return SealerException.builder(
            ErrorCode.RUN_TIMEOUT,
            "\""
                + title(command)
                + "\" did not end within "
                + seconds(timeout)
                + " and was stopped")
        .remedy("allow RUN more time, or find out what the command waits for; it has no input")
        .build();
  }

  static SealerException notStarted(String executor, OutputTail tail) {
    return SealerException.builder(
            ErrorCode.RUN_UNAVAILABLE,
            "the executor "
                + executor
                + " cannot make a view of the rootfs"
                + lastLines(tail.lines()))
        .remedy("choose the executor \"copy\", which needs no mount")
        .build();
  }

  private static String seconds(Duration timeout) {
    return timeout.toMillis() % 1000 == 0 ? timeout.toSeconds() + " s" : timeout.toMillis() + " ms";
  }

  private static String lastLines(List<String> lines) {
    return lines.isEmpty() ? "; it printed nothing" : ":\n  " + String.join("\n  ", lines);
  }

  private static String remedy(int status, List<String> lines) {
    Optional<String> missing = find(SHELL_NOT_FOUND, lines);
    if (missing.isEmpty() && status == NOT_FOUND) {
      missing = find(OTHER_NOT_FOUND, lines);
    }
    if (missing.isPresent() || status == NOT_FOUND) {
      return missing.map(name -> "\"" + name + "\"").orElse("a program of the command")
          + " is neither in the image's bin nor on the machine that builds: a COPY of it into bin,"
          + " before this RUN, makes it available";
    }
    if (status == NOT_EXECUTABLE) {
      return "the program is there but cannot be executed: check that its mode has the executable"
          + " bit and that it is built for the machine that builds";
    }
    return "";
  }

  private static Optional<String> find(Pattern pattern, List<String> lines) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      Matcher matcher = pattern.matcher(lines.get(i));
      if (matcher.matches()) {
        return Optional.of(matcher.group(1));
      }
    }
    return Optional.empty();
  }
}
