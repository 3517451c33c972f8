package cloud.sealer.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A docker engine of this test alone, good for pulling and pushing. Needs root. */
final class DockerEngine implements AutoCloseable {
  private final Path directory;
  private final String host;
  private final Process process;

  private DockerEngine(Path directory, String host, Process process) {
    this.directory = directory;
    this.host = host;
    this.process = process;
  }

  /** Starts an engine, or skips the test where none can be. */
  static DockerEngine start(Path directory) throws IOException, InterruptedException {
    Tool.require("docker", "dockerd");
    Path socket = directory.resolve("s");
    Path log = directory.resolve("dockerd.log");
    Process process =
        new ProcessBuilder(
                "dockerd",
                "--host",
                "unix://" + socket,
                "--data-root",
                directory.resolve("data").toString(),
                "--exec-root",
                directory.resolve("exec").toString(),
                "--pidfile",
                directory.resolve("pid").toString(),
                "--config-file",
                Files.writeString(directory.resolve("c.json"), "{}").toString(),
                "--storage-driver",
                "vfs",
                "--bridge",
                "none",
                "--iptables=false")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    DockerEngine engine = new DockerEngine(directory, "unix://" + socket, process);
    boolean answers = engine.awaitAnswer(Duration.ofSeconds(30));
    if (!answers) {
      engine.close();
      Tool.require(false, "dockerd does not start: " + Files.readString(log));
    }
    return engine;
  }

  private boolean awaitAnswer(Duration limit) throws IOException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      Process info =
          new ProcessBuilder("docker", "--host", host, "info")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (info.waitFor(10, TimeUnit.SECONDS) && info.exitValue() == 0) {
        return true;
      }
      Thread.sleep(200);
    }
    return false;
  }

  /** Runs {@code docker} with arguments. */
  String docker(String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 3];
    System.arraycopy(new String[] {"docker", "--host", host}, 0, command, 0, 3);
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    return Tool.run(directory, command);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
