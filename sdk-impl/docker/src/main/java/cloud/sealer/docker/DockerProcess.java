package cloud.sealer.docker;

import cloud.sealer.core.host.HostProcess;
import cloud.sealer.sdk.spi.HostSession.ExitStatus;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An exec in a container, whose streams go through pipes of the system, which hold little. */
final class DockerProcess implements HostProcess {
  /** How long the engine may take to note the end of a process whose streams have ended. */
  private static final Duration SETTLE = Duration.ofSeconds(10);

  private final DockerClient client;
  private final String id;
  private final Pipe in = Pipe.open();
  private final Pipe out = Pipe.open();
  private final Pipe err = Pipe.open();
  private final OutputStream stdin = Channels.newOutputStream(in.sink());
  private final InputStream stdout = Channels.newInputStream(out.source());
  private final InputStream stderr = Channels.newInputStream(err.source());
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Frames frames = new Frames();
  private volatile @Nullable Throwable failure;

  DockerProcess(DockerClient client, String id) throws IOException {
    this.client = client;
    this.id = id;
    client.execStartCmd(id).withStdIn(Channels.newInputStream(in.source())).exec(frames);
  }

  /** Sorts what the engine sends into the pipes; a full one makes the engine wait. */
  private final class Frames implements ResultCallback<Frame> {
    private volatile @Nullable Closeable connection;

    @Override
    public void onStart(Closeable closeable) {
      connection = closeable;
    }

    @Override
    public void onNext(Frame frame) {
      Pipe pipe = frame.getStreamType() == StreamType.STDERR ? err : out;
      ByteBuffer bytes = ByteBuffer.wrap(frame.getPayload());
      try {
        while (bytes.hasRemaining()) {
          pipe.sink().write(bytes);
        }
      } catch (IOException e) {
        // Nobody reads any more.
      }
    }

    @Override
    public void onError(Throwable throwable) {
      failure = throwable;
      end();
    }

    @Override
    public void onComplete() {
      end();
    }

    private void end() {
      closeAll(out.sink(), err.sink());
      ended.countDown();
    }

    @Override
    public void close() {
      closeAll(connection);
    }
  }

  @Override
  public OutputStream stdin() {
    return stdin;
  }

  @Override
  public InputStream stdout() {
    return stdout;
  }

  @Override
  public InputStream stderr() {
    return stderr;
  }

  @Override
  public @Nullable ExitStatus await(Duration limit) throws IOException, InterruptedException {
    boolean drained = ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    Throwable cause = failure;
    if (cause != null) {
      throw new IOException(String.valueOf(cause.getMessage()), cause);
    }
    long deadline = System.nanoTime() + SETTLE.toNanos();
    try {
      InspectExecResponse state = client.inspectExecCmd(id).exec();
      while (drained && !hasEnded(state) && System.nanoTime() < deadline) {
        Thread.sleep(20);
        state = client.inspectExecCmd(id).exec();
      }
      if (hasEnded(state)) {
        return new ExitStatus(Objects.requireNonNull(state.getExitCodeLong()).intValue(), "");
      }
      if (drained) {
        throw new IOException("the engine does not know how the command ended");
      }
      return null;
    } catch (RuntimeException e) {
      throw new IOException(String.valueOf(e.getMessage()).strip(), e);
    }
  }

  /** One that has not yet begun is not running either. */
  private static boolean hasEnded(InspectExecResponse state) {
    return state.getExitCodeLong() != null && !Boolean.TRUE.equals(state.isRunning());
  }

  private static void closeAll(@Nullable Closeable... all) {
    for (Closeable each : all) {
      try {
        if (each != null) {
          each.close();
        }
      } catch (IOException e) {
        // It is not wanted any more.
      }
    }
  }

  @Override
  public void close() {
    closeAll(in.sink(), frames, in.source(), out.source(), err.source(), out.sink(), err.sink());
  }
}
