package cloud.sealer.core.host;

import java.io.IOException;

/** Carries the streams of processes to and from one host. Thread-safe. */
public interface HostTransport extends AutoCloseable {
  /**
   * Starts a process.
   *
   * @param line shell text of one line, with single quotes only around words; everybody on the host
   *     may see it
   * @param urgent whether it must not wait for others to end
   * @return the process, to be closed by the caller
   * @throws IOException if it cannot be started; then it was not
   * @throws InterruptedException if the thread is interrupted
   */
  HostProcess start(String line, boolean urgent) throws IOException, InterruptedException;

  /**
   * Whether a process notices that its standard input was closed.
   *
   * @return false if it waits for more instead
   */
  boolean endsInput();

  /** Ends the connection. */
  @Override
  void close();
}
