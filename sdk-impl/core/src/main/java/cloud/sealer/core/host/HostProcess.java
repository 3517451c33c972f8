package cloud.sealer.core.host;

import cloud.sealer.sdk.spi.HostSession.ExitStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A process on a host. Each stream is used by one thread at a time. */
public interface HostProcess extends AutoCloseable {
  /**
   * What the process reads.
   *
   * @return always the same stream; closing it ends the input if {@link HostTransport#endsInput}
   */
  OutputStream stdin();

  /**
   * What the process prints.
   *
   * @return always the same stream
   */
  InputStream stdout();

  /**
   * What the process prints to standard error.
   *
   * @return always the same stream
   */
  InputStream stderr();

  /**
   * Waits for the end of the process, which may come before that of its streams.
   *
   * @param limit how long to wait
   * @return how it ended; null if it runs on
   * @throws IOException if the connection broke
   * @throws InterruptedException if the thread is interrupted
   */
  @Nullable ExitStatus await(Duration limit) throws IOException, InterruptedException;

  /** Lets go of the streams. Does not end the process. */
  @Override
  void close();
}
