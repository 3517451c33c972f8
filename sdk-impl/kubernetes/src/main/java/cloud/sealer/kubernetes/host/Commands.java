package cloud.sealer.kubernetes.host;

import cloud.sealer.core.run.OutputLines;
import cloud.sealer.core.run.OutputTail;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Executes commands on hosts that must succeed. */
public final class Commands {
  private static final int CAPTURE = 4 * 1024 * 1024;

  private Commands() {}

  /**
   * Executes a command whose output nobody needs to see while it works.
   *
   * @return its standard output, at most the first 4 MiB
   * @throws SealerException with {@link ErrorCode#COMMAND_FAILED} if its status is not 0
   */
  public static String exec(HostSession session, HostCommand command) {
    return exec(session, command, line -> {});
  }

  /**
   * Executes a command.
   *
   * @param lines hears of each line it prints
   * @return its standard output, at most the first 4 MiB
   * @throws SealerException with {@link ErrorCode#COMMAND_FAILED} if its status is not 0
   */
  public static String exec(HostSession session, HostCommand command, Consumer<String> lines) {
    Capture capture = new Capture(lines);
    HostSession.ExitStatus status = session.exec(command, capture);
    capture.end();
    if (!status.ok()) {
      throw failed(session, command, status, capture);
    }
    return capture.text();
  }

  private static SealerException failed(
      HostSession session, HostCommand command, HostSession.ExitStatus status, Capture capture) {
    String printed = String.join("\n", capture.tail.lines());
    return SealerException.builder(
            ErrorCode.COMMAND_FAILED,
            session.host().address()
                + ": "
                + command.title()
                + " ended with "
                + status
                + (printed.isEmpty() ? "" : ":\n" + printed))
        .remedy("mend what it complains about and run again: what is done already stays done")
        .detail("host", session.host().address())
        .detail("status", status.status())
        .build();
  }

  /** Cuts both streams into lines, and keeps standard output and the last lines. */
  private static final class Capture implements HostOutput {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final OutputTail tail = new OutputTail();
    private final OutputLines stdout;
    private final OutputLines stderr;
    private final Consumer<String> lines;

    Capture(Consumer<String> lines) {
      this.lines = lines;
      stdout = new OutputLines(this::line);
      stderr = new OutputLines(this::line);
    }

    private void line(String line) {
      tail.add(line);
      lines.accept(line);
    }

    @Override
    public void stdout(byte[] bytes, int offset, int length) {
      kept.write(bytes, offset, Math.min(length, CAPTURE - kept.size()));
      stdout.write(bytes, offset, length);
    }

    @Override
    public void stderr(byte[] bytes, int offset, int length) {
      stderr.write(bytes, offset, length);
    }

    void end() {
      stdout.end();
      stderr.end();
    }

    String text() {
      return kept.toString(StandardCharsets.UTF_8);
    }
  }
}
