package cloud.sealer.core.registry;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The registry of Debian, {@code docker-registry}, as a process on a free port of loopback, with
 * its data and configuration in a directory of the test.
 */
public final class DebianRegistry implements Closeable {
  /** The user of a registry with passwords. */
  public static final String USER = "ann";

  /** That user's password. */
  public static final String PASSWORD = "correct:horse";

  private static final String PROGRAM = "docker-registry";
  // bcrypt of PASSWORD
  private static final String HTPASSWD =
      USER + ":$2b$05$abcdefghijklmnopqrstuuto9TfiXPqFaPFSnWZR02c4ScFTB3OSG\n";
  private static final int TRIES = 5;
  private static final long READY_MILLIS = 20_000;

  private final Process process;
  private final String host;

  private DebianRegistry(Process process, String host) {
    this.process = process;
    this.host = host;
  }

  /** A registry that asks nobody who they are. */
  public static DebianRegistry open(Path directory) throws IOException, InterruptedException {
    return start(directory, "", "");
  }

  /** A registry that lets only {@link #USER} in. */
  public static DebianRegistry withPassword(Path directory)
      throws IOException, InterruptedException {
    Path users =
        Files.writeString(Files.createDirectories(directory).resolve("htpasswd"), HTPASSWD);
    return start(directory, "", "auth:\n  htpasswd:\n    realm: test\n    path: " + users + "\n");
  }

  /** A registry that speaks HTTPS with the given key and certificate. */
  public static DebianRegistry withTls(Path directory, Path certificate, Path key)
      throws IOException, InterruptedException {
    return start(
        directory, "  tls:\n    certificate: " + certificate + "\n    key: " + key + "\n", "");
  }

  /** A registry that speaks HTTPS and lets in only whom an authority vouches for. */
  public static DebianRegistry withClientCertificates(
      Path directory, Path certificate, Path key, Path clientAuthority)
      throws IOException, InterruptedException {
    return start(
        directory,
        "  tls:\n    certificate: "
            + certificate
            + "\n    key: "
            + key
            + "\n    clientcas:\n      - "
            + clientAuthority
            + "\n",
        "");
  }

  /**
   * A registry that wants tokens.
   *
   * @param realm the URL of the service that gives them
   * @param issuer what that service calls itself
   * @param signer the certificate of the key that signs them
   */
  public static DebianRegistry withTokens(Path directory, String realm, String issuer, Path signer)
      throws IOException, InterruptedException {
    return start(
        directory,
        "",
        "auth:\n  token:\n    realm: "
            + realm
            + "\n    service: test-registry\n    issuer: "
            + issuer
            + "\n    rootcertbundle: "
            + signer
            + "\n");
  }

  /** A pull-through cache of another registry. */
  public static DebianRegistry cacheOf(Path directory, String url)
      throws IOException, InterruptedException {
    return start(directory, "", "proxy:\n  remoteurl: " + url + "\n");
  }

  /** A registry in maintenance: it takes nothing. */
  public static DebianRegistry readOnly(Path directory) throws IOException, InterruptedException {
    return start(directory, "  maintenance:\n    readonly:\n      enabled: true\n", "", "");
  }

  private static DebianRegistry start(Path directory, String http, String more)
      throws IOException, InterruptedException {
    return start(directory, "", http, more);
  }

  private static DebianRegistry start(Path directory, String storage, String http, String more)
      throws IOException, InterruptedException {
    require(PROGRAM);
    Files.createDirectories(directory);
    IOException last = new IOException("not tried");
    for (int i = 0; i < TRIES; i++) {
      int port = freePort();
      String config =
          ("version: 0.1\n"
                  + "log:\n"
                  + "  level: error\n"
                  + "  accesslog:\n"
                  + "    disabled: true\n"
                  + "storage:\n"
                  + "  filesystem:\n"
                  + "    rootdirectory: %s\n"
                  + "  delete:\n"
                  + "    enabled: true\n"
                  + "%shttp:\n"
                  + "  addr: 127.0.0.1:%d\n"
                  + "%s%s")
              .formatted(directory.resolve("data"), storage, port, http, more);
      Path file = Files.writeString(directory.resolve("config.yml"), config);
      Process process =
          new ProcessBuilder(PROGRAM, "serve", file.toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("registry.log").toFile())
              .start();
      try {
        awaitReady(process, port, directory.resolve("registry.log"));
        return new DebianRegistry(process, "127.0.0.1:" + port);
      } catch (IOException e) {
        process.destroyForcibly();
        last = e;
      }
    }
    throw last;
  }

  /**
   * Skips the test if a program is not installed, or fails it where all real components must be
   * there.
   *
   * @param program its name
   */
  public static void require(String program) {
    boolean there =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    if (!there && Boolean.getBoolean("sealer.real")) {
      throw new AssertionError(program + " is not installed");
    }
    assumeTrue(there, program + " is not installed");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static void awaitReady(Process process, int port, Path log)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_MILLIS);
    while (System.nanoTime() < end && process.isAlive()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
        // Another process may have taken the port; then ours ends soon.
        if (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (IOException notYet) {
        Thread.sleep(20);
      }
    }
    throw new IOException("docker-registry did not start: " + tail(log));
  }

  private static List<String> tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.subList(Math.max(0, lines.size() - 5), lines.size());
  }

  /** Host and port. */
  public String host() {
    return host;
  }

  /** Ends the process and waits for it. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
