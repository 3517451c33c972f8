package cloud.sealer.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SshOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * An OpenSSH server of its own on a port of 127.0.0.1: with keys and settings of the test, beside
 * whatever the machine has. Root may log in with {@link #key} unless the settings say otherwise.
 */
final class OpenSsh implements AutoCloseable {
  private static final Path RUN = Path.of("/run/sshd");

  private final Path directory;
  private final List<String> settings;
  private final int port;
  private Process process;

  private OpenSsh(Path directory, List<String> settings) throws Exception {
    this.directory = Files.createTempDirectory(directory, "sshd");
    this.settings = settings;
    this.port = freePort();
    Files.createDirectories(RUN);
    // The server reads authorized_keys as the user who logs in.
    for (Path each : new Path[] {directory, this.directory}) {
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    hostKey("ed25519");
    key("id", "-t", "ed25519", "-N", "");
    authorize(this.directory.resolve("id.pub"));
    process = start();
  }

  /** Starts a server with lines of {@code sshd_config}, which come before the usual ones. */
  static OpenSsh start(Path directory, String... settings) throws Exception {
    return new OpenSsh(directory, List.of(settings));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Gives the server another key of a type, which counts from its next start. */
  void hostKey(String type) throws Exception {
    Files.deleteIfExists(directory.resolve("host"));
    Files.deleteIfExists(directory.resolve("host.pub"));
    key("host", "-t", type, "-N", "");
  }

  /** Makes a user's key with arguments for {@code ssh-keygen}. */
  Path key(String name, String... arguments) throws Exception {
    Path file = directory.resolve(name);
    List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q", "-f", file.toString()));
    command.addAll(List.of(arguments));
    Machine.run("", command.toArray(String[]::new));
    return file;
  }

  /** Lets the owner of a public key log in. */
  void authorize(Path publicKey) throws IOException {
    Path file = directory.resolve("authorized_keys");
    String old = Files.exists(file) ? Files.readString(file) : "";
    Files.writeString(file, old + Files.readString(publicKey));
  }

  private Process start() throws Exception {
    List<String> lines = new ArrayList<>(settings);
    lines.addAll(
        List.of(
            "Port " + port,
            "ListenAddress 127.0.0.1",
            "HostKey " + directory.resolve("host"),
            "PidFile none",
            "AuthorizedKeysFile " + directory.resolve("authorized_keys"),
            "StrictModes no",
            "UsePAM no",
            "PermitRootLogin yes",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no"));
    Path config = Files.write(directory.resolve("config"), lines);
    Process started =
        new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    for (int i = 0; i < 100; i++) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        return started;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    started.destroyForcibly();
    throw new IllegalStateException("sshd does not start: " + Files.readString(log()));
  }

  /** Ends the server, but not the connections it has. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  void restart() throws Exception {
    stop();
    process = start();
  }

  /** Ends everything the server forked for connections. */
  void dropConnections() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
  }

  /** What the server wrote to its log. */
  Path log() {
    return directory.resolve("log");
  }

  int port() {
    return port;
  }

  HostAddress address() {
    return new HostAddress("127.0.0.1", port);
  }

  /** Root with the key that always works. */
  Host root() {
    return host(SshOptions.builder().privateKey(directory.resolve("id")).build());
  }

  Host host(SshOptions options) {
    return new Host(address(), Set.of(), options, Map.of());
  }

  /** The line of the server's public key as a file of known hosts has it. */
  String knownHostsLine() throws IOException {
    String[] words = Files.readString(directory.resolve("host.pub"), UTF_8).split(" ");
    return "[127.0.0.1]:" + port + " " + words[0] + " " + words[1].strip() + "\n";
  }

  /** The fingerprint of the server's key, as ssh-keygen says. */
  String fingerprint() throws Exception {
    return Machine.run("", "ssh-keygen", "-l", "-f", directory.resolve("host.pub").toString())
        .split(" ")[1];
  }

  @Override
  public void close() throws InterruptedException {
    dropConnections();
    stop();
  }
}
