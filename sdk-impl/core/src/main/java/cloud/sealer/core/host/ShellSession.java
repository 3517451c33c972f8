package cloud.sealer.core.host;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostFacts;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Does all that a session does by shell text on a transport. Thread-safe. */
public final class ShellSession implements HostSession {
  private final Host host;
  private final HostTransport transport;
  private final Escalation escalation;
  private final HostFiles files;
  private final Clock clock;

  /**
   * A session on a connection that is open.
   *
   * @param host the host
   * @param transport to the host; closed with the session
   * @param escalation how commands become root
   * @param clock tells how far the clock of the host is off
   */
  public ShellSession(Host host, HostTransport transport, Escalation escalation, Clock clock) {
    this.host = host;
    this.transport = transport;
    this.escalation = escalation;
    this.clock = clock;
    this.files = new HostFiles(this);
  }

  /** How the input of a command reaches it. */
  enum Input {
    /** As it is, ended by the end of the stream. */
    STREAM,
    /** In pieces, which the text reads by {@code sealer_input}. */
    FRAMES
  }

  @Override
  public Host host() {
    return host;
  }

  @Override
  public ExitStatus exec(HostCommand command, HostOutput output) {
    return exec(command, Input.STREAM, output);
  }

  /** Executes a command that reads its input in a certain form. */
  ExitStatus exec(HostCommand command, Input input, HostOutput output) {
    checkNotInterrupted(command);
    String token = Shell.token();
    String text =
        Shell.preamble(command.directory().orElse("/"), command.environment())
            + body(command, input);
    boolean frames = input == Input.FRAMES || !transport.endsInput();
    FileTree.Content stdin = command.stdin().orElse(null);
    try (Execution execution = start(token, command, output, false)) {
      return run(
          execution,
          token,
          command,
          () ->
              execution.run(
                  escalation.input(), Shell.script(token, text), stdin, frames, command.timeout()));
    }
  }

  private String body(HostCommand command, Input input) {
    if (command.stdin().isEmpty()) {
      return "exec </dev/null\n" + command.text();
    }
    if (input == Input.FRAMES) {
      return Shell.INPUT + command.text();
    }
    return transport.endsInput()
        ? command.text()
        : Shell.INPUT + "sealer_input | eval " + Shell.quote(command.text());
  }

  private void checkNotInterrupted(HostCommand command) {
    if (Thread.currentThread().isInterrupted()) {
      throw cancelled(command);
    }
  }

  private Execution start(String token, HostCommand command, HostOutput output, boolean urgent) {
    try {
      HostProcess process = transport.start(escalation.line(Shell.line(token)), urgent);
      return new Execution(host, token, process, output);
    } catch (InterruptedException e) {
      throw cancelled(command);
    } catch (IOException e) {
      throw HostFailure.unreachable(
              host, host.address() + ": \"" + command.title() + "\" cannot be started", e)
          .build();
    }
  }

  private interface Run {
    ExitStatus run() throws IOException, InterruptedException, TimeoutException;
  }

  private ExitStatus run(Execution execution, String token, HostCommand command, Run run) {
    boolean ended = false;
    try {
      ExitStatus status = run.run();
      ended = true;
      return status;
    } catch (InterruptedException e) {
      throw cancelled(command);
    } catch (TimeoutException e) {
      String message = " took longer than " + command.timeout().toSeconds() + " s and was ended";
      throw HostFailure.of(ErrorCode.COMMAND_TIMEOUT, host, named(command) + message, null)
          .remedy("allow more time, or find out on the host what it waits for")
          .build();
    } catch (Execution.CallerException e) {
      String message = named(command) + " was ended: " + e.getMessage();
      throw HostFailure.of(ErrorCode.HOST_IO, host, message, e.getCause()).build();
    } catch (Execution.NotStartedException e) {
      ended = true;
      String message = named(command) + " was not started: " + e.getMessage();
      throw HostFailure.of(ErrorCode.HOST_UNAUTHORIZED, host, message, null)
          .remedy("check that the user has a POSIX shell, and that sudo still lets it become root")
          .build();
    } catch (IOException e) {
      ended = true;
      String message = "the connection broke during " + named(command);
      throw HostFailure.unreachable(host, message + ", what it did is not known", e).build();
    } finally {
      if (!ended && execution.started()) {
        new Termination(token, this).run();
      }
    }
  }

  /** Executes a script that ends another, past commands that wait for their turn. */
  void urgently(String script, Duration limit) throws IOException, InterruptedException {
    HostCommand command = HostCommand.builder(script).title("end a command").timeout(limit).build();
    String token = Shell.token();
    String text = Shell.preamble("/", command.environment()) + body(command, Input.STREAM);
    try (Execution execution = start(token, command, HostOutput.NONE, true)) {
      execution.run(escalation.input(), Shell.script(token, text), null, false, limit);
    } catch (TimeoutException e) {
      throw new IOException("processes of " + host.address() + " do not end", e);
    }
  }

  private String named(HostCommand command) {
    return host.address() + ": \"" + command.title() + "\"";
  }

  private SealerException cancelled(HostCommand command) {
    return SealerException.cancelled(named(command));
  }

  @Override
  public HostFacts facts() {
    return FactsReader.read(this, clock);
  }

  @Override
  public void upload(String path, int mode, FileTree.Content content) {
    files.upload(path, mode, content);
  }

  @Override
  public void upload(String directory, FileTree tree, Task task) {
    files.upload(directory, tree, task);
  }

  @Override
  public void download(String path, OutputStream target) {
    files.download(path, target);
  }

  @Override
  public void downloadTree(String directory, TarReader reader) {
    new TreeDownload(this, directory, reader).run();
  }

  @Override
  public void close() {
    transport.close();
  }
}
