package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.host.Uninterrupted;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SecretProvider;
import cloud.sealer.sdk.SshOptions;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a plan, an execution, or both: one for each host, opened when first needed.
 * Thread-safe.
 */
final class Sessions implements AutoCloseable {
  private final List<HostConnector> connectors;
  private final SecretProvider secrets;
  private final CurrentTask task = new CurrentTask();
  private final Map<HostAddress, Slot> slots = new ConcurrentHashMap<>();

  Sessions(List<HostConnector> connectors, SecretProvider secrets) {
    this.connectors = connectors;
    this.secrets = secrets;
  }

  /** Tells a task of what happens to the connections from now on. */
  void tell(Task current) {
    task.is(current);
  }

  private static final class Slot {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable HostSession session;
  }

  /** The session of a host. */
  HostSession open(Host host) {
    Slot slot = slots.computeIfAbsent(host.address(), address -> new Slot());
    try {
      slot.lock.lockInterruptibly();
    } catch (InterruptedException e) {
      throw SealerException.cancelled("connecting to " + host.address());
    }
    try {
      HostSession session = slot.session;
      if (session == null) {
        session = connect(host);
        slot.session = session;
      }
      return session;
    } finally {
      slot.lock.unlock();
    }
  }

  /** The session of a host that is open already. */
  HostSession get(HostAddress address) {
    Slot slot = slots.get(address);
    HostSession session = slot == null ? null : slot.session;
    if (session == null) {
      throw new IllegalArgumentException(address + " is no host of this change");
    }
    return session;
  }

  private HostSession connect(Host host) {
    for (HostConnector connector : connectors) {
      if (connector.reaches(host)) {
        return connector.connect(withSecrets(host), task);
      }
    }
    throw SealerException.builder(
            ErrorCode.HOST_UNREACHABLE,
            connectors.isEmpty()
                ? "no host connector on the class path, needed for " + host.address()
                : "no host connector reaches " + host.address())
        .remedy("add the artifact cloud.sealer:sealer-sdk-ssh, or set Sealer.Builder.hostConnector")
        .detail("host", host.address())
        .build();
  }

  /** What the spec does not say about logging in, the caller may know. */
  private Host withSecrets(Host host) {
    SshOptions.Builder known = SshOptions.builder();
    secrets
        .secret(SecretProvider.Kind.SSH_PASSWORD, host.address(), host.user())
        .or(() -> secrets.secret(SecretProvider.Kind.SUDO_PASSWORD, host.address(), host.user()))
        .ifPresent(known::password);
    secrets
        .secret(SecretProvider.Kind.SSH_KEY_PASSPHRASE, host.address(), host.user())
        .ifPresent(known::passphrase);
    return new Host(host.address(), host.roles(), host.ssh().orElse(known.build()), host.env());
  }

  @Override
  public void close() {
    Uninterrupted.run(
        () -> {
          Optional<RuntimeException> failure = Optional.empty();
          for (Slot slot : new ArrayList<>(slots.values())) {
            HostSession session = slot.session;
            slot.session = null;
            try {
              if (session != null) {
                session.close();
              }
            } catch (RuntimeException e) {
              failure = Optional.of(e);
            }
          }
          failure.ifPresent(
              e -> {
                throw e;
              });
        });
  }
}
