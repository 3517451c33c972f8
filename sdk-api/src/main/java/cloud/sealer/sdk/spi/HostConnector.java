package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.Host;

/**
 * Opens sessions on hosts. Thread-safe.
 *
 * <p>Implementations hold their own settings, such as host keys and jump hosts; what differs from
 * host to host stands in the {@link Host}.
 */
public interface HostConnector extends AutoCloseable {
  /**
   * The name users choose it by.
   *
   * @return a short lower-case word, such as {@code ssh}
   */
  String name();

  /**
   * Whether this connector reaches a host. The first that does is used.
   *
   * @param host the host
   * @return true if so
   */
  boolean reaches(Host host);

  /**
   * Opens a session.
   *
   * @param host the host
   * @param task where to report retries and notices
   * @return the session, to be closed by the caller
   * @throws cloud.sealer.sdk.SealerException with {@link
   *     cloud.sealer.sdk.ErrorCode#HOST_UNREACHABLE}, {@link
   *     cloud.sealer.sdk.ErrorCode#HOST_UNAUTHORIZED} or {@link
   *     cloud.sealer.sdk.ErrorCode#HOST_KEY_REJECTED}
   */
  HostSession connect(Host host, Task task);

  /** Releases what this holds. Does nothing by default. */
  @Override
  default void close() {}
}
