package cloud.sealer.ssh;

import cloud.sealer.core.host.HostProcess;
import cloud.sealer.sdk.spi.HostSession.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.direct.Session.Command;
import net.schmizz.sshj.connection.channel.direct.Signal;
import org.jspecify.annotations.Nullable;

/** A process at the other end of a channel, whose permit is given back when it is closed. */
final class SshProcess implements HostProcess {
  private static final int SIGNALLED = 128;

  /** The numbers of the signals RFC 4254, section 6.10, has names for. */
  private static final Map<Signal, Integer> NUMBERS =
      Map.ofEntries(
          Map.entry(Signal.HUP, 1),
          Map.entry(Signal.INT, 2),
          Map.entry(Signal.QUIT, 3),
          Map.entry(Signal.ILL, 4),
          Map.entry(Signal.ABRT, 6),
          Map.entry(Signal.FPE, 8),
          Map.entry(Signal.KILL, 9),
          Map.entry(Signal.USR1, 10),
          Map.entry(Signal.SEGV, 11),
          Map.entry(Signal.USR2, 12),
          Map.entry(Signal.PIPE, 13),
          Map.entry(Signal.ALRM, 14),
          Map.entry(Signal.TERM, 15));

  private final Command command;
  private final OutputStream stdin;
  private final Semaphore permits;
  private final AtomicBoolean closed = new AtomicBoolean();

  SshProcess(Command command, Semaphore permits, CipherWarmup warmup) {
    this.command = command;
    this.stdin = warmup.watch(command.getOutputStream());
    this.permits = permits;
  }

  @Override
  public OutputStream stdin() {
    return stdin;
  }

  @Override
  public InputStream stdout() {
    return command.getInputStream();
  }

  @Override
  public InputStream stderr() {
    return command.getErrorStream();
  }

  @Override
  public @Nullable ExitStatus await(Duration limit) throws IOException, InterruptedException {
    try {
      command.join(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ConnectionException e) {
      if (e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      if (!(e.getCause() instanceof TimeoutException)) {
        throw e;
      }
    }
    Signal signal = command.getExitSignal();
    if (signal != null) {
      return new ExitStatus(SIGNALLED + NUMBERS.getOrDefault(signal, 0), signal.name());
    }
    Integer status = command.getExitStatus();
    if (status != null) {
      return new ExitStatus(status, "");
    }
    if (!command.isOpen()) {
      throw new IOException("it was closed before the command had ended");
    }
    return null;
  }

  /** Closes the channel without a permit to give back. */
  void abandon() {
    if (!closed.getAndSet(true)) {
      closeChannel();
    }
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      try {
        closeChannel();
      } finally {
        permits.release();
      }
    }
  }

  private void closeChannel() {
    try {
      command.close();
    } catch (IOException e) {
      // The connection broke, and the channel with it.
    }
  }
}
