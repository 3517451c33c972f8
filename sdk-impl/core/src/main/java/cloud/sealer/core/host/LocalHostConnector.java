package cloud.sealer.core.host;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Clock;

/**
 * Connects to this machine, without a network. Commands are executed as the user of this process,
 * which becomes root by {@code sudo} if it is not root.
 *
 * <p>It reaches hosts whose address is one of this machine, unless they have a port, which asks for
 * the SSH server there. Names are not looked up but for {@code localhost}.
 */
public final class LocalHostConnector implements HostConnector {
  private final boolean escalates;

  /** A connector. */
  public LocalHostConnector() {
    this(true);
  }

  private LocalHostConnector(boolean escalates) {
    this.escalates = escalates;
  }

  /** A connector whose commands stay the user of this process, for what needs no root. */
  public static LocalHostConnector unprivileged() {
    return new LocalHostConnector(false);
  }

  @Override
  public String name() {
    return "local";
  }

  @Override
  public boolean reaches(Host host) {
    if (host.address().port() != 0 || host.ssh().port() != 0) {
      return false;
    }
    String address = host.address().host();
    boolean literal = host.address().ipv6() || address.matches("[0-9.]+");
    if (!literal) {
      return address.equals("localhost");
    }
    try {
      InetAddress inet = InetAddress.getByName(address);
      return inet.isLoopbackAddress() || NetworkInterface.getByInetAddress(inet) != null;
    } catch (UnknownHostException | SocketException e) {
      return false;
    }
  }

  @Override
  public HostSession connect(Host host, Task task) {
    LocalTransport transport = new LocalTransport();
    try {
      Escalation escalation =
          escalates
              ? Escalation.find(transport, host, "of this process", host.ssh()::password)
              : Escalation.NONE;
      return new ShellSession(host, transport, escalation, Clock.systemUTC());
    } catch (InterruptedException e) {
      throw SealerException.cancelled("the connection to " + host.address());
    } catch (IOException e) {
      throw HostFailure.of(
              ErrorCode.HOST_UNREACHABLE,
              host,
              "this machine cannot execute commands: " + HostFailure.reason(e),
              e)
          .remedy("this needs /bin/sh")
          .build();
    }
  }
}
