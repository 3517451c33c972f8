package cloud.sealer.core.host;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.SealerException;
import org.jspecify.annotations.Nullable;

/** Makes the exceptions for what goes wrong with a host. */
public final class HostFailure {
  private HostFailure() {}

  /**
   * A failure with the host in its details.
   *
   * @param code what went wrong
   * @param host the host
   * @param message what and why, with the address of the host
   * @param cause what was caught
   * @return a builder
   */
  public static SealerException.Builder of(
      ErrorCode code, Host host, String message, @Nullable Throwable cause) {
    return SealerException.builder(code, message).detail("host", host.address()).cause(cause);
  }

  /**
   * A failure of the connection.
   *
   * @param host the host
   * @param message what could not be done, with the address of the host
   * @param cause what was caught
   * @return a builder; a later call may succeed
   */
  public static SealerException.Builder unreachable(Host host, String message, Throwable cause) {
    return of(ErrorCode.HOST_UNREACHABLE, host, message + ": " + reason(cause), cause)
        .retryable(true)
        .remedy("check that the host is up and the network to it works, then run again");
  }

  /**
   * Why something failed, for a message.
   *
   * @param cause what was caught
   * @return its message, or the name of its type if it has none
   */
  public static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
  }
}
