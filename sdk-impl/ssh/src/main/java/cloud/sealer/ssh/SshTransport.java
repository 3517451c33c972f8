package cloud.sealer.ssh;

import cloud.sealer.core.host.HostProcess;
import cloud.sealer.core.host.HostTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.connection.channel.direct.Session;
import org.jspecify.annotations.Nullable;

/**
 * Starts processes over one connection, which is opened again if it broke since the last.
 * Thread-safe.
 */
final class SshTransport implements HostTransport {
  private static final int CHANNELS = 8;
  private static final int URGENT_CHANNELS = 2;

  /** How long a server may refuse channels while other commands run on its few. */
  private static final Duration REFUSAL = Duration.ofMinutes(1);

  private static final Duration PAUSE = Duration.ofMillis(250);

  private final Supplier<SSHClient> opener;
  private final CipherWarmup warmup;
  private final Semaphore channels = new Semaphore(CHANNELS, true);
  private final Semaphore urgentChannels = new Semaphore(URGENT_CHANNELS, true);
  private @Nullable SSHClient client;
  private boolean closed;

  SshTransport(Supplier<SSHClient> opener, CipherWarmup warmup) {
    this.opener = opener;
    this.warmup = warmup;
  }

  /** The connection, opened if there is none that works. */
  synchronized SSHClient connection() throws IOException {
    if (closed) {
      throw new IOException("the session is closed");
    }
    SSHClient current = client;
    if (current == null || !current.isConnected() || !current.isAuthenticated()) {
      SshConnections.close(current);
      current = opener.get();
      client = current;
    }
    return current;
  }

  @Override
  public boolean endsInput() {
    return true;
  }

  @Override
  public HostProcess start(String line, boolean urgent) throws IOException, InterruptedException {
    Semaphore permits = urgent ? urgentChannels : channels;
    permits.acquire();
    boolean done = false;
    try {
      HostProcess process = execute(line, permits);
      done = true;
      return process;
    } finally {
      if (!done) {
        permits.release();
      }
    }
  }

  private HostProcess execute(String line, Semaphore permits)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + REFUSAL.toNanos();
    boolean again = true;
    while (true) {
      SSHClient current = connection();
      try {
        return uninterrupted(current, line, permits, warmup);
      } catch (OpenFailException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(PAUSE.toMillis());
      } catch (SSHException e) {
        // A connection may turn out to be broken only now; no script was sent over it.
        if (!again) {
          throw e;
        }
        again = false;
        SshConnections.close(current);
      }
    }
  }

  /** Opens a channel on a thread of its own: one that is half open when it is interrupted stays. */
  private static HostProcess uninterrupted(
      SSHClient client, String line, Semaphore permits, CipherWarmup warmup)
      throws IOException, InterruptedException {
    CompletableFuture<SshProcess> started = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                Session session = client.startSession();
                SshProcess process = new SshProcess(session.exec(line), permits, warmup);
                if (!started.complete(process)) {
                  process.abandon();
                }
              } catch (IllegalStateException e) {
                // What sshj throws if the connection is gone.
                started.completeExceptionally(new SSHException(String.valueOf(e.getMessage()), e));
              } catch (IOException | RuntimeException e) {
                started.completeExceptionally(e);
              }
            },
            "sealer-ssh-channel");
    thread.setDaemon(true);
    thread.start();
    try {
      return started.get();
    } catch (InterruptedException e) {
      started.cancel(false);
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    SshConnections.close(client);
  }
}
