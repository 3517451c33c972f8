package cloud.sealer.core.host;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostSession.ExitStatus;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/** Moves files by {@code cat} and {@code tar}. Thread-safe. */
final class HostFiles {
  /** A large file on a slow line; what stands still is found by the keepalive. */
  static final Duration LIMIT = Duration.ofHours(6);

  private final ShellSession session;

  HostFiles(ShellSession session) {
    this.session = session;
  }

  /** Fails unless the path is absolute and of one form. */
  static void check(String path) {
    if (!path.startsWith("/")
        || path.indexOf('\0') >= 0
        || (path + "/").contains("/../")
        || (path + "/").contains("/./")) {
      throw new IllegalArgumentException(
          "a path on a host is absolute, without . and .. in it, got \"" + path + "\"");
    }
  }

  void upload(String path, int mode, FileTree.Content content) {
    check(path);
    if (mode < 0 || mode > 07777 || path.endsWith("/")) {
      throw new IllegalArgumentException(
          "a file has a name and a mode of at most 07777, got " + path + " and " + mode);
    }
    String directory = path.substring(0, path.lastIndexOf('/') + 1);
    String text =
        """
        if [ -d %1$s ]; then echo 'it is a directory' >&2; exit 1; fi
        mkdir -p %2$s || exit 1
        temporary=%3$s
        trap 'rm -f "$temporary"' EXIT
        trap 'exit 1' HUP INT TERM PIPE
        umask 077
        sealer_input >"$temporary" && chmod %4$s "$temporary" && mv -f "$temporary" %1$s
        """
            .formatted(
                Shell.quote(path),
                Shell.quote(directory),
                Shell.quote(directory + ".sealer-" + Shell.token()),
                Integer.toOctalString(mode));
    run("write " + path, text, content, new OutputText());
  }

  void upload(String directory, FileTree tree, Task task) {
    check(directory);
    TreeArchive archive = new TreeArchive(tree, task::advance);
    String quoted = Shell.quote(directory);
    String text = "mkdir -p " + quoted + " && cd " + quoted + " && exec tar -x -p -o -f -";
    HostCommand command = command("write files below " + directory, text).stdin(archive).build();
    OutputText said = new OutputText();
    check(command, session.exec(command, said), said);
  }

  void download(String path, OutputStream target) {
    check(path);
    OutputText output =
        new OutputText() {
          @Override
          public synchronized void stdout(byte[] bytes, int offset, int length) throws IOException {
            target.write(bytes, offset, length);
          }
        };
    HostCommand command = command("read " + path, "exec cat " + Shell.quote(path)).build();
    check(command, session.exec(command, output), output);
  }

  private void run(String title, String text, FileTree.Content content, OutputText output) {
    HostCommand command = command(title, text).stdin(content).build();
    check(command, session.exec(command, ShellSession.Input.FRAMES, output), output);
  }

  static HostCommand.Builder command(String title, String text) {
    return HostCommand.builder(text).title(title).timeout(LIMIT);
  }

  /** Fails unless the command succeeded. */
  void check(HostCommand command, ExitStatus status, OutputText output) {
    if (!status.ok()) {
      throw HostFailure.of(
              ErrorCode.HOST_IO,
              session.host(),
              session.host().address()
                  + ": cannot "
                  + command.title()
                  + ": "
                  + output.problem(status),
              null)
          .remedy("check space and permissions on the host")
          .build();
    }
  }
}
