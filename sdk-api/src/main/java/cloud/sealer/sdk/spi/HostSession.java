package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostFacts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A connection to one host on which commands are executed and files moved, as root. Thread-safe:
 * several threads may use it at once.
 *
 * <p>A connection that breaks between two calls is opened again. A call that it breaks fails with
 * {@link cloud.sealer.sdk.ErrorCode#HOST_UNREACHABLE}, since what the command did is not known.
 * Interrupting the thread ends the command on the host and fails the call with {@link
 * cloud.sealer.sdk.ErrorCode#CANCELLED}.
 */
public interface HostSession extends AutoCloseable {
  /**
   * The host.
   *
   * @return the host
   */
  Host host();

  /**
   * Executes a command and waits for its end.
   *
   * @param command the command
   * @param output who gets what it prints
   * @return how it ended, whatever the status
   * @throws cloud.sealer.sdk.SealerException with {@link
   *     cloud.sealer.sdk.ErrorCode#COMMAND_TIMEOUT}, {@link
   *     cloud.sealer.sdk.ErrorCode#HOST_UNREACHABLE} or {@link
   *     cloud.sealer.sdk.ErrorCode#CANCELLED}
   */
  ExitStatus exec(HostCommand command, HostOutput output);

  /**
   * What the host is, asked anew in one round trip.
   *
   * @return the facts
   */
  HostFacts facts();

  /**
   * Writes one file: to a temporary name beside it, then renamed, so it is never half there.
   * Missing parent directories are made with mode 0755.
   *
   * @param path the absolute path
   * @param mode its permission bits
   * @param content its bytes
   * @throws cloud.sealer.sdk.SealerException with {@link cloud.sealer.sdk.ErrorCode#HOST_IO}
   */
  void upload(String path, int mode, FileTree.Content content);

  /**
   * Writes a tree below a directory, which is made if missing, with modes and links, as one stream.
   * What is there under other names stays.
   *
   * @param directory the absolute path
   * @param tree the files
   * @param task where to count bytes
   * @throws cloud.sealer.sdk.SealerException with {@link cloud.sealer.sdk.ErrorCode#HOST_IO}
   */
  void upload(String directory, FileTree tree, Task task);

  /**
   * Reads one file.
   *
   * @param path the absolute path
   * @param target where its bytes go; not closed
   * @throws cloud.sealer.sdk.SealerException with {@link cloud.sealer.sdk.ErrorCode#HOST_IO} if it
   *     cannot be read, or writing to the target fails
   */
  void download(String path, OutputStream target);

  /**
   * Reads a directory with everything below it, with modes and links, as one stream.
   *
   * @param directory the absolute path
   * @param reader who gets the stream, a tar archive whose names are relative to the directory
   * @throws cloud.sealer.sdk.SealerException with {@link cloud.sealer.sdk.ErrorCode#HOST_IO}
   */
  void downloadTree(String directory, TarReader reader);

  /** Closes the session. Commands that still run are ended. */
  @Override
  void close();

  /** Reads a tar stream. */
  @FunctionalInterface
  interface TarReader {
    /**
     * Reads the stream to its end.
     *
     * @param tar the stream, closed by the caller
     * @throws IOException if it cannot be read
     */
    void read(InputStream tar) throws IOException;
  }

  /**
   * How a command ended.
   *
   * @param status its exit status; 128 and the signal's number if a signal ended it
   * @param signal the name of the signal without {@code SIG}, such as {@code KILL}; empty for none
   */
  record ExitStatus(int status, String signal) {
    /**
     * Whether it succeeded.
     *
     * @return true if the status is 0
     */
    public boolean ok() {
      return status == 0;
    }

    /** Returns {@code status 1} or {@code signal KILL}. */
    @Override
    public String toString() {
      return signal.isEmpty() ? "status " + status : "signal " + signal;
    }
  }
}
