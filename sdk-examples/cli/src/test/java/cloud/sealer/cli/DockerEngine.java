package cloud.sealer.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A docker engine of its own, with its data in one directory and no network of its own. */
final class DockerEngine implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(40);

  private final Path directory;
  private final Program engine;

  private DockerEngine(Path directory, Program engine) {
    this.directory = directory;
    this.engine = engine;
  }

  static DockerEngine start(Path directory) {
    try {
      Files.createDirectories(directory);
      Program engine =
          Program.start(
              directory,
              "dockerd",
              "--data-root",
              directory.resolve("data"),
              "--exec-root",
              directory.resolve("exec"),
              "--pidfile",
              directory.resolve("pid"),
              "--host",
              socket(directory),
              "--bridge=none",
              "--iptables=false",
              "--ip6tables=false",
              "--storage-driver=vfs");
      DockerEngine docker = new DockerEngine(directory, engine);
      docker.await();
      return docker;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String socket(Path directory) {
    return "unix://" + directory.resolve("s");
  }

  private void await() {
    long end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < end) {
      if (run("info").exit() == 0) {
        return;
      }
      StockRegistry.pause();
    }
    close();
    throw new AssertionError("the docker engine did not start in " + directory);
  }

  Program.Result run(String... words) {
    List<Object> command = new ArrayList<>(List.of("docker", "--host", socket(directory)));
    command.addAll(List.of(words));
    return Program.run(directory, command.toArray());
  }

  @Override
  public void close() {
    engine.process().destroy();
    engine.end();
  }
}
