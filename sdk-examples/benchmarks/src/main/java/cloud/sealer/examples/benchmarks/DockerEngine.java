package cloud.sealer.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A docker engine of its own: its data in one directory, no networks, nothing else in it. */
final class DockerEngine implements AutoCloseable {
  /** The programs it needs. */
  static final List<String> NEEDS = List.of("dockerd", "docker");

  private static final int ATTEMPTS = 60;

  private final Shell shell;
  private final Path directory;
  private final Path socket;
  private final Process engine;

  private DockerEngine(Shell shell, Path directory, Path socket, Process engine) {
    this.shell = shell;
    this.directory = directory;
    this.socket = socket;
    this.engine = engine;
  }

  /** Why there can be none here; empty if there can. */
  static String missing() {
    String program = Tools.missing(NEEDS).orElse("");
    if (!program.isEmpty()) {
      return program + " is absent";
    }
    return "root".equals(System.getProperty("user.name")) ? "" : "only root can start dockerd";
  }

  /**
   * Starts one.
   *
   * @param parent the directory that gets one for its data
   */
  static DockerEngine start(Path parent) throws IOException {
    Path directory = Files.createDirectories(parent.resolve("docker"));
    // A path of a socket has at most 107 bytes.
    Path runtime = Files.createTempDirectory("docker");
    Path socket = runtime.resolve("socket");
    Process engine =
        new ProcessBuilder(
                "dockerd",
                "--data-root=" + directory.resolve("data"),
                "--exec-root=" + runtime.resolve("exec"),
                "--pidfile=" + runtime.resolve("pid"),
                "--host=unix://" + socket,
                "--bridge=none",
                "--iptables=false",
                "--ip6tables=false")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    DockerEngine docker = new DockerEngine(new Shell(parent), directory, socket, engine);
    docker.await();
    return docker;
  }

  private void await() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (shell.run(command("info"), Map.of()).status() == 0) {
        return;
      }
      if (!engine.isAlive()) {
        break;
      }
      shell.prepare("sleep 1");
    }
    String log = Files.readString(directory.resolve("log")).strip();
    close();
    throw new StartException("dockerd does not start: " + log.substring(log.lastIndexOf('\n') + 1));
  }

  /** There can be no engine on this machine. */
  static final class StartException extends IOException {
    private static final long serialVersionUID = 1L;

    StartException(String message) {
      super(message);
    }
  }

  /** A shell command of its client; images are built by the engine itself. */
  String command(String arguments) {
    return "DOCKER_BUILDKIT=0 docker --host unix://" + socket + " " + arguments;
  }

  @Override
  public void close() throws IOException {
    engine.destroy();
    try {
      if (!engine.waitFor(30, TimeUnit.SECONDS)) {
        engine.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      engine.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    shell.prepare("rm -rf " + directory + " " + socket.getParent());
  }
}
