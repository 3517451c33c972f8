package cloud.sealer.testkit;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.SshOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.SshServer;

/**
 * An SSH server in this process, on a free port of a loopback address, which executes what it is
 * told by {@code /bin/sh} as the user of this process. It takes one user with one password, and
 * misbehaves on demand.
 *
 * <pre>{@code
 * try (EmbeddedSshHost ssh = EmbeddedSshHost.start()) {
 *   HostConnector connector = SshHostConnector.builder(HostKeyPolicy.acceptAll()).build();
 *   try (HostSession session = connector.connect(ssh.host(), task)) {
 *     ssh.link().cutAfter(1_000_000);
 *     …
 *   }
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class EmbeddedSshHost implements AutoCloseable {
  private static final String USER = "root";
  private static final String PASSWORD = "embedded-password";

  private final String address;
  private final SshServer server;
  private final TcpLink link;
  private volatile KeyPair hostKey;
  private volatile boolean refusing;

  private EmbeddedSshHost(String address, UnaryOperator<String> execution) throws IOException {
    this.address = address;
    hostKey = newKey();
    server = SshServer.setUpDefaultServer();
    server.setHost(address);
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
    server.setPasswordAuthenticator(
        (user, password, session) -> !refusing && user.equals(USER) && password.equals(PASSWORD));
    server.setCommandFactory((channel, command) -> new ShellCommand(execution.apply(command)));
    server.start();
    link = TcpLink.to(address, server.getPort());
  }

  /**
   * Starts a server on 127.0.0.1 with a new key.
   *
   * @return the server, to be closed by the caller
   */
  public static EmbeddedSshHost start() {
    return start("127.0.0.1", UnaryOperator.identity());
  }

  /**
   * Starts a server with a new key, at an address of its own as several hosts need it.
   *
   * @param address an IPv4 or IPv6 address of this machine, a loopback one by good manners
   * @param execution what the shell executes for the command of a client, for example the same in
   *     namespaces of its own
   * @return the server, to be closed by the caller
   */
  public static EmbeddedSshHost start(String address, UnaryOperator<String> execution) {
    try {
      return new EmbeddedSshHost(address, execution);
    } catch (IOException e) {
      throw new UncheckedIOException("the SSH server cannot start", e);
    }
  }

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has RSA", e);
    }
  }

  /**
   * The host, with the user and password that the server takes.
   *
   * @return a host for a connector
   */
  public Host host() {
    SshOptions login = SshOptions.builder().user(USER).password(Secret.of(PASSWORD)).build();
    return new Host(new HostAddress(address, link.port()), Set.of(), login, Map.of());
  }

  /**
   * The line to the server, which can be made a bad one.
   *
   * @return the relay that connections go through
   */
  public TcpLink link() {
    return link;
  }

  /**
   * The fingerprint of the server's key.
   *
   * @return {@code SHA256:} and base 64, as {@code ssh-keygen -l} prints it
   */
  public String fingerprint() {
    ByteArrayBuffer buffer = new ByteArrayBuffer();
    buffer.putRawPublicKey(hostKey.getPublic());
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(buffer.getCompactData());
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Gives the server another key, as a machine has that was made anew. */
  public void changeHostKey() {
    hostKey = newKey();
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
  }

  /**
   * Refuses every login, or no longer.
   *
   * @param refuse whether to refuse
   */
  public void refuseLogins(boolean refuse) {
    refusing = refuse;
  }

  /** Ends the server, its connections, and what they execute. */
  @Override
  public void close() {
    link.close();
    try {
      server.stop(true);
    } catch (IOException e) {
      throw new UncheckedIOException("the SSH server cannot stop", e);
    }
  }
}
