package cloud.sealer.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.jspecify.annotations.Nullable;

/**
 * Machines for an {@link EmbeddedCloud} that cost nothing: each is an SSH server in this process at
 * an address of its own in 127.0.0.0/8. It executes commands by {@code /bin/sh} of this machine in
 * namespaces where it is root and the host name is that of the machine. All see the file system of
 * this machine, but for {@code /var/lib} if they are given a directory, so they are no machines to
 * install anything on. Needs Linux and {@code unshare}.
 */
public final class EmbeddedMachines implements CloudMachines {
  private final int port;
  private final @Nullable Path directory;
  private final String network;
  private final AtomicInteger last = new AtomicInteger();

  private EmbeddedMachines(int port, @Nullable Path directory) {
    this.port = port;
    this.directory = directory;
    this.network = "127." + ThreadLocalRandom.current().nextInt(20, 120) + ".";
  }

  /**
   * Starts to make machines, all with the same port.
   *
   * @return the maker
   */
  public static EmbeddedMachines create() {
    return made(null);
  }

  /**
   * The same with a {@code /var/lib} of its own for each machine.
   *
   * @param directory where they are made, one for each machine by its name
   * @return the maker
   */
  public static EmbeddedMachines create(Path directory) {
    return made(directory);
  }

  private static EmbeddedMachines made(@Nullable Path directory) {
    try (ServerSocket free = new ServerSocket(0)) {
      return new EmbeddedMachines(free.getLocalPort(), directory);
    } catch (IOException e) {
      throw new UncheckedIOException("there is no free port", e);
    }
  }

  /**
   * Where the SSH servers listen.
   *
   * @return the port
   */
  public int sshPort() {
    return port;
  }

  @Override
  public Started start(Order order) throws IOException {
    int number = last.incrementAndGet();
    String address = network + (number / 250) + "." + (number % 250 + 1);
    PublicKey known = publicKey(order.publicKey());
    SshServer server = SshServer.setUpDefaultServer();
    server.setHost(address);
    server.setPort(port);
    server.setKeyPairProvider(hostKey());
    server.setPublickeyAuthenticator(
        (user, key, session) -> user.equals("root") && KeyUtils.compareKeys(key, known));
    server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
    String library = directory == null ? "" : library(directory.resolve(order.name()));
    server.setCommandFactory(
        (channel, command) -> new ShellCommand(inNamespaces(order.name(), library, command)));
    server.start();
    return new Embedded(address, server);
  }

  /** Puts a directory where {@code /var/lib} is, for one command. */
  private static String library(Path directory) throws IOException {
    return "mount --bind " + Files.createDirectories(directory).toRealPath() + " /var/lib; ";
  }

  private static String inNamespaces(String name, String library, String command) {
    return "exec unshare -Urm --uts /bin/sh -c 'hostname "
        + name
        + "; "
        + library
        + "exec /bin/sh -c \"$0\"' '"
        + command.replace("'", "'\\''")
        + "'";
  }

  private static PublicKey publicKey(String line) throws IOException {
    try {
      PublicKey key =
          PublicKeyEntry.parsePublicKeyEntry(line).resolvePublicKey(null, Map.of(), null);
      if (key == null) {
        throw new IOException("not a public key: " + line);
      }
      return key;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("not a public key: " + line, e);
    }
  }

  private static KeyPairProvider hostKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return KeyPairProvider.wrap(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has P-256", e);
    }
  }

  private final class Embedded implements Started {
    private final String address;
    private final SshServer server;

    Embedded(String address, SshServer server) {
      this.address = address;
      this.server = server;
    }

    @Override
    public String address() {
      return address;
    }

    @Override
    public int sshPort() {
      return port;
    }

    @Override
    public void close() {
      try {
        server.stop(true);
      } catch (IOException e) {
        throw new UncheckedIOException("the machine does not stop", e);
      }
    }
  }
}
