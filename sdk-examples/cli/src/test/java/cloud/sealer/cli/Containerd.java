package cloud.sealer.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A containerd of its own, with its data in one directory, and its client {@code ctr}. */
final class Containerd implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Path directory;
  private final Program daemon;

  private Containerd(Path directory, Program daemon) {
    this.directory = directory;
    this.daemon = daemon;
  }

  static Containerd start(Path directory) {
    try {
      Files.createDirectories(directory);
      Path config = directory.resolve("config.toml");
      Files.writeString(
          config,
          """
          version = 2
          root = "DIR/root"
          state = "DIR/state"
          disabled_plugins = ["io.containerd.grpc.v1.cri"]
          [grpc]
          address = "DIR/s"
          [plugins."io.containerd.internal.v1.opt"]
          path = "DIR/opt"
          """
              .replace("DIR", directory.toString()));
      Containerd containerd =
          new Containerd(directory, Program.start(directory, "containerd", "--config", config));
      containerd.await();
      return containerd;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void await() {
    long end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < end) {
      if (ctr("version").exit() == 0) {
        return;
      }
      StockRegistry.pause();
    }
    close();
    throw new AssertionError("containerd did not start in " + directory);
  }

  Program.Result ctr(Object... words) {
    List<Object> command = new ArrayList<>(List.of("ctr", "--address", directory.resolve("s")));
    command.addAll(List.of(words));
    return Program.run(directory, command.toArray());
  }

  @Override
  public void close() {
    daemon.process().destroy();
    daemon.end();
  }
}
