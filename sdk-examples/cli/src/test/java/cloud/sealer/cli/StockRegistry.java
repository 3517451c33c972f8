package cloud.sealer.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The registry server of the distribution project, as Debian packages it, on the loopback
 * interface.
 */
final class StockRegistry implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(20);

  private final Program server;
  private final String address;

  private StockRegistry(Program server, String address) {
    this.server = server;
    this.address = address;
  }

  /** An empty registry that keeps its storage in the directory. */
  static StockRegistry start(Path directory) {
    return serve(directory.resolve("storage"), directory);
  }

  /** A registry on a storage tree that is there. */
  static StockRegistry serve(Path storage, Path work) {
    try {
      String address = "127.0.0.1:" + freePort();
      Path config = Files.createTempFile(work, "registry", ".yml");
      Files.writeString(
          config,
          """
          version: 0.1
          log: {level: warn}
          storage:
            filesystem: {rootdirectory: "STORAGE"}
          http: {addr: "ADDRESS"}
          """
              .replace("STORAGE", storage.toString())
              .replace("ADDRESS", address));
      StockRegistry registry =
          new StockRegistry(Program.start(work, "docker-registry", "serve", config), address);
      registry.await();
      return registry;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void await() {
    long end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < end) {
      try {
        HttpURLConnection connection =
            (HttpURLConnection) URI.create("http://" + address + "/v2/").toURL().openConnection();
        if (connection.getResponseCode() == 200) {
          return;
        }
      } catch (IOException e) {
        pause();
      }
    }
    close();
    throw new AssertionError("the registry did not start at " + address);
  }

  static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  String address() {
    return address;
  }

  /** Ends it as a power failure would. */
  void kill() {
    server.process().destroyForcibly();
    server.end();
  }

  @Override
  public void close() {
    server.process().destroy();
    server.end();
  }
}
