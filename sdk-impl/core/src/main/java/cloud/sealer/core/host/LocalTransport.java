package cloud.sealer.core.host;

import cloud.sealer.sdk.spi.HostSession.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts processes of this machine. Thread-safe. */
final class LocalTransport implements HostTransport {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "HOME", "/root",
          "LANG", "C.UTF-8");

  private volatile boolean closed;

  @Override
  public HostProcess start(String line, boolean urgent) throws IOException {
    if (closed) {
      throw new IOException("the session is closed");
    }
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", line);
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    return new LocalProcess(builder.start());
  }

  @Override
  public boolean endsInput() {
    return true;
  }

  @Override
  public void close() {
    closed = true;
  }

  private record LocalProcess(Process process) implements HostProcess {
    @Override
    public OutputStream stdin() {
      return process.getOutputStream();
    }

    @Override
    public InputStream stdout() {
      return process.getInputStream();
    }

    @Override
    public InputStream stderr() {
      return process.getErrorStream();
    }

    @Override
    public @Nullable ExitStatus await(Duration limit) throws InterruptedException {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
          ? new ExitStatus(process.exitValue(), "")
          : null;
    }

    @Override
    public void close() {
      for (AutoCloseable each : new AutoCloseable[] {stdin(), stdout(), stderr()}) {
        try {
          each.close();
        } catch (Exception e) {
          // Nothing is wanted from it any more.
        }
      }
    }
  }
}
