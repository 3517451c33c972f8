package cloud.sealer.core.host;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession.ExitStatus;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One script on its way: threads that move its streams, and the calling thread that waits for its
 * end. Used once.
 */
final class Execution implements AutoCloseable {
  /** How long the host may take to start the shell that reads the script. */
  private static final Duration START = Duration.ofSeconds(60);

  /** How long we listen to what others print who hold the streams of a command that has ended. */
  private static final Duration SILENCE = Duration.ofSeconds(1);

  private static final Duration SLICE = Duration.ofMillis(200);
  private static final int BUFFER = 64 * 1024;

  private final String name;
  private final String token;
  private final HostProcess process;
  private final HostOutput output;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CountDownLatch drained = new CountDownLatch(2);
  private final AtomicReference<@Nullable CallerException> spoiler = new AtomicReference<>();
  private volatile long lastOutput = System.nanoTime();
  private volatile boolean started;

  Execution(Host host, String token, HostProcess process, HostOutput output) {
    this.name = "sealer-host-" + host.address();
    this.token = token;
    this.process = process;
    this.output = output;
  }

  /** What the caller of the command gave or does is the reason, not the connection. */
  static final class CallerException extends IOException {
    private static final long serialVersionUID = 1L;

    CallerException(Exception cause) {
      super(HostFailure.reason(cause), cause);
    }
  }

  /** The shell did not come up: what it said instead. */
  static final class NotStartedException extends IOException {
    private static final long serialVersionUID = 1L;

    NotStartedException(String message) {
      super(message);
    }
  }

  /** Whether the script was sent, so that it may have done something. */
  boolean started() {
    return started;
  }

  /**
   * Sends the script and waits for its end.
   *
   * @throws TimeoutException if it takes longer
   * @throws CallerException if the content or the output fails
   * @throws IOException if the connection breaks
   */
  ExitStatus run(
      byte[] password,
      byte[] script,
      FileTree.@Nullable Content stdin,
      boolean frames,
      Duration limit)
      throws IOException, InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + limit.toNanos();
    OutputText failedStart = new OutputText();
    thread("out", () -> pumpOut());
    thread("err", () -> pumpErr(failedStart));
    if (password.length > 0) {
      process.stdin().write(password);
      process.stdin().flush();
    }
    awaitReady(failedStart);
    started = true;
    thread("in", () -> feed(script, stdin, frames));
    ExitStatus status = awaitEnd(deadline);
    awaitOutput(deadline);
    return status;
  }

  private void thread(String what, Runnable work) {
    Thread thread = new Thread(work, name + "-" + what);
    thread.setDaemon(true);
    thread.start();
  }

  private void awaitReady(OutputText said) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!ready.await(SLICE.toMillis(), TimeUnit.MILLISECONDS)) {
      ExitStatus ended = process.await(Duration.ofMillis(1));
      if (ended != null
          && drained.await(SLICE.toMillis(), TimeUnit.MILLISECONDS)
          && ready.getCount() > 0) {
        throw new NotStartedException(said.problem(ended));
      }
      if (System.nanoTime() > deadline) {
        throw new NotStartedException(said.problem("no shell within " + START.toSeconds() + " s"));
      }
    }
  }

  private ExitStatus awaitEnd(long deadline)
      throws IOException, InterruptedException, TimeoutException {
    while (true) {
      ExitStatus status = process.await(SLICE);
      checkUnspoiled();
      if (status != null) {
        return status;
      }
      if (System.nanoTime() > deadline) {
        throw new TimeoutException();
      }
    }
  }

  /** A child that was left in the background may keep the streams open for ever. */
  private void awaitOutput(long deadline) throws InterruptedException, CallerException {
    while (!drained.await(SLICE.toMillis() / 4, TimeUnit.MILLISECONDS)) {
      long now = System.nanoTime();
      if (now - lastOutput > SILENCE.toNanos() || now > deadline) {
        break;
      }
    }
    checkUnspoiled();
  }

  private void checkUnspoiled() throws CallerException {
    CallerException failure = spoiler.get();
    if (failure != null) {
      throw failure;
    }
  }

  private void pumpOut() {
    try {
      InputStream in = process.stdout();
      if (skipToToken(in)) {
        ready.countDown();
        pump(in, output::stdout);
      }
    } catch (IOException e) {
      // The connection broke, which the waiting thread learns from the process, or was closed.
    } finally {
      drained.countDown();
    }
  }

  private void pumpErr(OutputText failedStart) {
    try {
      pump(
          process.stderr(),
          (bytes, offset, length) -> {
            if (ready.getCount() > 0) {
              failedStart.stderr(bytes, offset, length);
            } else {
              output.stderr(bytes, offset, length);
            }
          });
    } catch (IOException e) {
      // as above
    } finally {
      drained.countDown();
    }
  }

  private interface Sink {
    void write(byte[] bytes, int offset, int length) throws IOException;
  }

  private void pump(InputStream in, Sink sink) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      lastOutput = System.nanoTime();
      try {
        sink.write(buffer, 0, n);
      } catch (IOException | RuntimeException e) {
        spoiler.compareAndSet(null, new CallerException(e));
        return;
      }
    }
  }

  /** Reads up to the line that is the token; what login scripts print before is dropped. */
  private boolean skipToToken(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        if (line.toString().endsWith(token)) {
          return true;
        }
        line.setLength(0);
      } else if (line.length() < BUFFER) {
        line.append((char) b);
      }
    }
    return false;
  }

  /** Sends the script and the input. What is cut short is not ended, lest it be taken for whole. */
  private void feed(byte[] script, FileTree.@Nullable Content stdin, boolean frames) {
    try {
      OutputStream out = process.stdin();
      out.write(script);
      if (stdin != null) {
        try (InputStream in = new Given(open(stdin))) {
          copy(in, out, frames);
        }
      }
      // On its own, close() of sshj drops what the other side has no room for yet.
      out.flush();
      out.close();
    } catch (CallerException e) {
      spoiler.compareAndSet(null, e);
    } catch (IOException e) {
      // The command ended without reading everything, which is its right, or the connection broke.
    }
  }

  private static InputStream open(FileTree.Content content) throws CallerException {
    try {
      return content.open();
    } catch (IOException e) {
      throw new CallerException(e);
    }
  }

  private static void copy(InputStream in, OutputStream out, boolean frames) throws IOException {
    if (frames) {
      Frames.copy(in, out);
      return;
    }
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
    }
  }

  /** Tells failures to read from failures to write. */
  private static final class Given extends FilterInputStream {
    Given(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return in.read(bytes, offset, length);
      } catch (IOException e) {
        throw new CallerException(e);
      }
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
