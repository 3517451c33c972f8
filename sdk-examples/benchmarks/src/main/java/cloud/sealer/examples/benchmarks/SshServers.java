package cloud.sealer.examples.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * OpenSSH servers on addresses of the loopback interface. What a server sees at the place of the
 * clusters' files is a directory of its own, by a mount namespace, so each is like a host. All
 * speak one cipher, so nobody wins by another.
 */
final class SshServers implements AutoCloseable {
  static final String CIPHER = "aes128-gcm@openssh.com";

  /** Where hosts have the files of clusters. */
  static final String DATA = "/var/lib/sealer";

  private static final List<String> NEEDS = List.of("sshd", "ssh", "ssh-keygen", "unshare");

  private final Path directory;
  private final List<Process> processes = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();

  private SshServers(Path directory) {
    this.directory = directory;
  }

  /** Why there can be none here; empty if there can. */
  static String missing() {
    String program = Tools.missing(NEEDS).orElse("");
    if (!program.isEmpty()) {
      return program + " is absent";
    }
    return "root".equals(System.getProperty("user.name")) ? "" : "only root has mount namespaces";
  }

  static SshServers start(Path directory, int count) throws IOException, InterruptedException {
    SshServers servers = new SshServers(Files.createDirectories(directory));
    boolean done = false;
    try {
      servers.keys();
      for (int i = 0; i < count; i++) {
        servers.start(i);
      }
      servers.configureClients();
      done = true;
      return servers;
    } finally {
      if (!done) {
        servers.close();
      }
    }
  }

  private void keys() {
    new Shell(directory)
        .prepare(
            "mkdir -p /run/sshd "
                + DATA
                + " && rm -f id* host* && ssh-keygen -q -t ed25519 -N '' -f id && ssh-keygen -q -t"
                + " ed25519 -N '' -f host && cp id.pub authorized_keys && chmod 755 .");
  }

  private void start(int number) throws IOException, InterruptedException {
    String host = "127.0.0." + (number + 2);
    int port = freePort(host);
    Path data = Files.createDirectories(directory.resolve("data" + number));
    Path config =
        Files.write(
            directory.resolve("sshd" + number),
            List.of(
                "ListenAddress " + host + ":" + port,
                "HostKey " + directory.resolve("host"),
                "PidFile none",
                "AuthorizedKeysFile " + directory.resolve("authorized_keys"),
                "StrictModes no",
                "UsePAM no",
                "PermitRootLogin yes",
                "MaxStartups 100",
                "Subsystem sftp internal-sftp",
                "Ciphers " + CIPHER));
    processes.add(
        new ProcessBuilder(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount --make-rprivate / && mount --bind "
                    + data
                    + " "
                    + DATA
                    + " && exec $(command -v sshd) -D -e -f "
                    + config)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log" + number).toFile())
            .start());
    addresses.add(host + ":" + port);
    await(number, host, port);
  }

  private void await(int number, String host, int port) throws IOException, InterruptedException {
    for (int i = 0; i < 200; i++) {
      try (Socket socket = new Socket(host, port)) {
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    throw new IllegalStateException(
        "sshd does not start: " + Files.readString(directory.resolve("log" + number)));
  }

  private static int freePort(String host) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return socket.getLocalPort();
    }
  }

  private void configureClients() throws IOException {
    String key = Files.readString(directory.resolve("host.pub"));
    StringBuilder known = new StringBuilder();
    StringBuilder config = new StringBuilder();
    for (int i = 0; i < addresses.size(); i++) {
      String[] parts = addresses.get(i).split(":", -1);
      known.append('[').append(parts[0]).append("]:").append(parts[1]).append(' ').append(key);
      config
          .append("Host h%d%n  HostName %s%n  Port %s%n".formatted(i, parts[0], parts[1]))
          .append("  User root%n  IdentityFile %s%n".formatted(key()))
          .append("  UserKnownHostsFile %s%n  Ciphers %s%n".formatted(knownHosts(), CIPHER));
    }
    Files.writeString(knownHosts(), known);
    Files.writeString(config(), config);
  }

  Path key() {
    return directory.resolve("id");
  }

  Path knownHosts() {
    return directory.resolve("known_hosts");
  }

  /** The configuration of ssh, in which the servers are {@code h0}, {@code h1} and so on. */
  Path config() {
    return directory.resolve("ssh_config");
  }

  /** The addresses of the first servers. */
  List<String> addresses(int count) {
    return List.copyOf(addresses.subList(0, count));
  }

  /** A shell command that empties what the servers have. */
  String clear() {
    return "rm -rf " + directory + "/data*/*";
  }

  @Override
  public void close() throws InterruptedException {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }
}
