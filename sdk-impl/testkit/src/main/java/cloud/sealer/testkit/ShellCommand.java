package cloud.sealer.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/** A command of an SSH client, executed by {@code /bin/sh} of this machine. */
final class ShellCommand implements Command {
  private static final int SIGNALLED = 128;

  private final String text;
  private InputStream in = InputStream.nullInputStream();
  private OutputStream out = OutputStream.nullOutputStream();
  private OutputStream err = OutputStream.nullOutputStream();
  private ExitCallback exit = (status, message, immediately) -> {};
  private volatile @Nullable Process process;

  ShellCommand(String text) {
    this.text = text;
  }

  @Override
  public void setInputStream(InputStream stream) {
    in = stream;
  }

  @Override
  public void setOutputStream(OutputStream stream) {
    out = stream;
  }

  @Override
  public void setErrorStream(OutputStream stream) {
    err = stream;
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    exit = callback;
  }

  @Override
  public void start(ChannelSession channel, Environment environment) throws IOException {
    Process started = new ProcessBuilder("/bin/sh", "-c", text).start();
    process = started;
    thread("in", () -> copy(in, started.getOutputStream(), true));
    Thread stdout = thread("out", () -> copy(started.getInputStream(), out, false));
    Thread stderr = thread("err", () -> copy(started.getErrorStream(), err, false));
    thread("end", () -> end(started, stdout, stderr));
  }

  private static Thread thread(String what, Runnable work) {
    Thread thread = new Thread(work, "embedded-ssh-" + what);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void copy(InputStream from, OutputStream to, boolean close) {
    byte[] buffer = new byte[32 * 1024];
    try {
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        to.write(buffer, 0, n);
        to.flush();
      }
    } catch (IOException e) {
      // One of the sides has ended.
    }
    if (close) {
      close(to);
    }
  }

  /** Tells the status; a child in the background that holds the streams is waited for a little. */
  private void end(Process started, Thread stdout, Thread stderr) {
    try {
      int status = started.waitFor();
      stdout.join(1000);
      stderr.join(1000);
      exit.onExit(status, status > SIGNALLED ? "signal " + (status - SIGNALLED) : "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends its input only: as with OpenSSH, a process outlives its connection. */
  @Override
  public void destroy(ChannelSession channel) {
    Process started = process;
    if (started != null) {
      close(started.getOutputStream());
    }
  }

  private static void close(OutputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      // The process has ended.
    }
  }
}
