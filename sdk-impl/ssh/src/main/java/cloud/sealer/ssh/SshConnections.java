package cloud.sealer.ssh;

import cloud.sealer.core.host.HostFailure;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import net.schmizz.sshj.SSHClient;
import org.jspecify.annotations.Nullable;

/** Opens connections, through the jump hosts if there are any. Thread-safe. */
final class SshConnections implements AutoCloseable {
  private final SshSettings settings;
  private final Logins logins;
  private final List<@Nullable SSHClient> jumps = new ArrayList<>();

  SshConnections(SshSettings settings, Logins logins) {
    this.settings = settings;
    this.logins = logins;
  }

  /**
   * Opens a connection and logs in, trying again while the network may be at fault.
   *
   * @throws SealerException if it does not work, or the thread is interrupted
   */
  SSHClient open(Host host, Task task) {
    Duration delay = settings.retryDelay();
    for (int attempt = 1; ; attempt++) {
      try {
        return attempt(host, task);
      } catch (SealerException e) {
        if (!e.retryable() || attempt >= settings.attempts()) {
          throw e;
        }
        task.retried(attempt, delay, String.valueOf(e.getMessage()));
      }
      try {
        Thread.sleep(delay.toMillis());
      } catch (InterruptedException e) {
        throw cancelled(host);
      }
      delay = delay.multipliedBy(2);
    }
  }

  private static SealerException cancelled(Host host) {
    return SealerException.cancelled("the connection to " + host.address());
  }

  /** One try, on a thread of its own: a socket that connects does not notice an interrupt. */
  private SSHClient attempt(Host host, Task task) {
    if (Thread.currentThread().isInterrupted()) {
      throw cancelled(host);
    }
    CompletableFuture<SSHClient> opened = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                SSHClient client = connect(host, task);
                if (!opened.complete(client)) {
                  close(client);
                }
              } catch (RuntimeException | Error e) {
                opened.completeExceptionally(e);
              }
            },
            "sealer-ssh-" + host.address());
    thread.setDaemon(true);
    thread.start();
    try {
      return opened.get();
    } catch (InterruptedException e) {
      opened.cancel(false);
      thread.interrupt();
      throw cancelled(host);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SealerException failure) {
        throw failure;
      }
      throw HostFailure.of(ErrorCode.INTERNAL, host, "the connection failed", e.getCause()).build();
    }
  }

  private SSHClient connect(Host host, Task task) {
    SSHClient via = settings.jumps().isEmpty() ? null : lastJump(task);
    return connect(host, via, task);
  }

  private synchronized SSHClient lastJump(Task task) {
    SSHClient via = null;
    for (int i = 0; i < settings.jumps().size(); i++) {
      SSHClient known = i < jumps.size() ? jumps.get(i) : null;
      if (known == null || !known.isConnected() || !known.isAuthenticated()) {
        for (SSHClient broken : jumps.subList(Math.min(i, jumps.size()), jumps.size())) {
          close(broken);
        }
        jumps.subList(Math.min(i, jumps.size()), jumps.size()).clear();
        known = connect(settings.jumps().get(i), via, task);
        jumps.add(known);
      }
      via = known;
    }
    return Objects.requireNonNull(via);
  }

  private SSHClient connect(Host host, @Nullable SSHClient via, Task task) {
    SSHClient client = client();
    HostKeyCheck keys = new HostKeyCheck(settings.hostKeys(), task);
    client.addHostKeyVerifier(keys);
    boolean done = false;
    try {
      if (via == null) {
        client.connect(host.address().host(), host.port());
        client.getSocket().setSoTimeout(0); // from here on keepalives tell whether it lives
      } else {
        client.connectVia(via.newDirectConnection(host.address().host(), host.port()));
      }
      logins.login(client, host);
      done = true;
      return client;
    } catch (IOException e) {
      throw failure(host, keys, e);
    } finally {
      if (!done) {
        close(client);
      }
    }
  }

  private SSHClient client() {
    SSHClient client = new SSHClient(new QuietConfig());
    client.setSocketFactory(new PromptSockets());
    int limit = Math.toIntExact(settings.connectTimeout().toMillis());
    client.setConnectTimeout(limit);
    // A server that is starting may accept the connection and never say who it is.
    client.setTimeout(limit);
    client.getTransport().setTimeoutMs(limit);
    client.getConnection().setTimeoutMs(limit);
    client
        .getConnection()
        .getKeepAlive()
        .setKeepAliveInterval((int) Math.max(1, settings.keepAlive().toSeconds()));
    return client;
  }

  private static SealerException failure(Host host, HostKeyCheck keys, IOException cause) {
    if (keys.refused().isPresent()) {
      HostKeyPolicy.Verdict verdict = keys.refused().get();
      return HostFailure.of(
              ErrorCode.HOST_KEY_REJECTED,
              host,
              host.address() + " is not trusted: " + verdict.reason(),
              null)
          .remedy(verdict.remedy())
          .build();
    }
    return HostFailure.unreachable(host, host.address() + " cannot be reached over SSH", cause)
        .build();
  }

  static void close(@Nullable SSHClient client) {
    try {
      if (client != null) {
        client.disconnect();
      }
    } catch (IOException e) {
      // It is not wanted any more.
    }
  }

  @Override
  public synchronized void close() {
    for (int i = jumps.size() - 1; i >= 0; i--) {
      close(jumps.get(i));
    }
    jumps.clear();
  }
}
