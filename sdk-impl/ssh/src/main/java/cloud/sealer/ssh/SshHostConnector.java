package cloud.sealer.ssh;

import cloud.sealer.core.host.Escalation;
import cloud.sealer.core.host.HostFailure;
import cloud.sealer.core.host.ShellSession;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SecretProvider;
import cloud.sealer.sdk.SshOptions;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Connects to hosts over SSH. Thread-safe.
 *
 * <pre>{@code
 * HostConnector ssh =
 *     SshHostConnector.builder(HostKeyPolicy.knownHosts(home.resolve(".ssh/known_hosts")))
 *         .jump(Host.at(HostAddress.parse("bastion.example.com")))
 *         .agent(Path.of("/run/user/1000/agent"))
 *         .build();
 * }</pre>
 *
 * <p>Users log in with what their {@link SshOptions} have: a private key, else the keys of the
 * agent, else the password, also where the server asks for it as a keyboard-interactive question. A
 * public key in the place of the private one chooses that key of the agent. Users other than root
 * become root by {@code sudo}.
 *
 * <p>Each session has one connection. Jump hosts are connected to once and shared until the
 * connector is closed, which also ends the connections of the sessions behind them.
 */
public final class SshHostConnector implements HostConnector {
  private final CipherWarmup warmup = new CipherWarmup();
  private final SshConnections connections;
  private final Logins logins;

  private SshHostConnector(Builder builder) {
    EcdsaName.register();
    logins = new Logins(builder.secrets, builder.agent);
    connections =
        new SshConnections(
            new SshSettings(
                builder.hostKeys,
                List.copyOf(builder.jumps),
                builder.connectTimeout,
                builder.keepAlive,
                builder.attempts,
                builder.retryDelay),
            logins);
  }

  /**
   * Starts a connector.
   *
   * @param hostKeys what vouches for the keys of hosts and jump hosts
   * @return a builder
   */
  public static Builder builder(HostKeyPolicy hostKeys) {
    return new Builder(hostKeys);
  }

  @Override
  public String name() {
    return "ssh";
  }

  /** Every host: whether it answers is seen by connecting. */
  @Override
  public boolean reaches(Host host) {
    return true;
  }

  @Override
  public HostSession connect(Host host, Task task) {
    SshTransport transport = new SshTransport(() -> connections.open(host, task), warmup);
    boolean done = false;
    try {
      transport.connection();
      Escalation escalation =
          host.user().equals(SshOptions.DEFAULT_USER)
              ? Escalation.NONE
              : Escalation.find(transport, host, host.user(), () -> logins.sudoPassword(host));
      done = true;
      return new ShellSession(host, transport, escalation, Clock.systemUTC());
    } catch (InterruptedException e) {
      throw SealerException.cancelled("the connection to " + host.address());
    } catch (IOException e) {
      throw HostFailure.unreachable(host, host.address() + ": the connection broke", e).build();
    } finally {
      if (!done) {
        transport.close();
      }
    }
  }

  /** Ends the connections to jump hosts. */
  @Override
  public void close() {
    connections.close();
  }

  /** Collects the settings of an {@link SshHostConnector}. Not thread-safe. */
  public static final class Builder {
    private final HostKeyPolicy hostKeys;
    private final List<Host> jumps = new ArrayList<>();
    private SecretProvider secrets = SecretProvider.NONE;
    private @Nullable SshAgent agent;
    private Duration connectTimeout = Duration.ofSeconds(30);
    private Duration keepAlive = Duration.ofSeconds(15);
    private int attempts = 3;
    private Duration retryDelay = Duration.ofSeconds(1);

    private Builder(HostKeyPolicy hostKeys) {
      this.hostKeys = Objects.requireNonNull(hostKeys, "hostKeys");
    }

    /**
     * Adds a jump host: the first is connected to directly, each next one through the one before,
     * and hosts through the last.
     *
     * @param host its address and how to log in
     * @return this builder
     */
    public Builder jump(Host host) {
      jumps.add(Objects.requireNonNull(host, "host"));
      return this;
    }

    /**
     * Sets where secrets come from that stand in no {@link SshOptions}.
     *
     * @param provider asked when a server or {@code sudo} asks
     * @return this builder
     */
    public Builder secrets(SecretProvider provider) {
      this.secrets = Objects.requireNonNull(provider, "provider");
      return this;
    }

    /**
     * Logs in with the keys of an agent.
     *
     * @param socket its Unix domain socket, which programs find in {@code SSH_AUTH_SOCK}
     * @return this builder
     */
    public Builder agent(Path socket) {
      this.agent = new SshAgent(Objects.requireNonNull(socket, "socket"));
      return this;
    }

    /**
     * Sets how long one step of a connection may take, such as the key exchange.
     *
     * @param limit the limit, 30 seconds by default
     * @return this builder
     */
    public Builder connectTimeout(Duration limit) {
      this.connectTimeout = positive(limit);
      return this;
    }

    /**
     * Sets how often a silent host is asked whether it is there. After five times without an answer
     * the connection is broken.
     *
     * @param interval at least one second; 15 by default
     * @return this builder
     */
    public Builder keepAlive(Duration interval) {
      this.keepAlive = positive(interval);
      return this;
    }

    /**
     * Sets how often a host that cannot be reached is tried.
     *
     * @param attempts at least 1; 3 by default
     * @param delay before the second try, doubled for each further; one second by default
     * @return this builder
     */
    public Builder attempts(int attempts, Duration delay) {
      if (attempts < 1) {
        throw new IllegalArgumentException("at least one attempt is needed, got " + attempts);
      }
      this.attempts = attempts;
      this.retryDelay = positive(delay);
      return this;
    }

    private static Duration positive(Duration duration) {
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("a time must be positive, got " + duration);
      }
      return duration;
    }

    /**
     * Makes the connector.
     *
     * @return the connector, to be closed by the caller
     */
    public SshHostConnector build() {
      return new SshHostConnector(this);
    }
  }
}
