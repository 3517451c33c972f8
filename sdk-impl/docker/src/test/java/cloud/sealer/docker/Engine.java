package cloud.sealer.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A docker engine of its own with one container, made of this machine's busybox alone. */
final class Engine implements AutoCloseable {
  static final String CONTAINER = "sealer-tck";
  static final String IMAGE = CONTAINER + ":1";

  /** Lets a container be privileged on hosts that lack a capability. */
  private static final Path RUNTIME =
      Path.of("../../sdk-examples/kubernetes/machine/runc-in-container").toAbsolutePath();

  private final Path directory;
  private final Process process;

  private Engine(Path directory, Process process) {
    this.directory = directory;
    this.process = process;
  }

  /** Skips the test without root and the programs, or fails it where real ones are demanded. */
  static Engine start(Path directory) throws Exception {
    return start(directory, "vfs");
  }

  /** The same with another storage driver, and more arguments of the engine. */
  static Engine start(Path directory, String driver, String... more) throws Exception {
    for (String program : new String[] {"/usr/sbin/dockerd", "/usr/bin/busybox"}) {
      require(Files.isExecutable(Path.of(program)), program + " is not installed");
    }
    require("root".equals(System.getProperty("user.name")), "this needs root");
    List<String> command =
        new ArrayList<>(
            List.of(
                "dockerd",
                "--host=unix://" + directory.resolve("docker.sock"),
                "--data-root=" + directory.resolve("data"),
                "--exec-root=" + directory.resolve("exec"),
                "--pidfile=" + directory.resolve("pid"),
                "--storage-driver=" + driver,
                "--add-runtime=in-container=" + RUNTIME,
                "--default-runtime=in-container",
                "--bridge=none",
                "--iptables=false"));
    command.addAll(List.of(more));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    Engine engine = new Engine(directory, process);
    engine.awaitAnswer();
    engine.makeContainer();
    return engine;
  }

  private static void require(boolean there, String reason) {
    if (!there && Boolean.getBoolean("sealer.real")) {
      fail(reason);
    }
    assumeTrue(there, reason);
  }

  private void awaitAnswer() throws Exception {
    for (int i = 0; i < 150; i++) {
      if (Files.exists(directory.resolve("docker.sock")) && run("docker", "version") == 0) {
        return;
      }
      Thread.sleep(200);
    }
    close();
    fail("dockerd does not start: " + Files.readString(directory.resolve("log")));
  }

  private void makeContainer() throws Exception {
    Path rootfs = Files.createDirectories(directory.resolve("rootfs"));
    Files.createDirectories(rootfs.resolve("bin"));
    Files.createDirectories(rootfs.resolve("tmp"));
    Files.copy(Path.of("/usr/bin/busybox"), rootfs.resolve("bin/busybox"));
    List<String> script =
        List.of(
            "cd " + rootfs,
            "for each in $(bin/busybox --list); do ln -s busybox bin/$each; done 2>/dev/null",
            "for each in $(ldd bin/busybox | grep -o '/[^ ]*'); do"
                + " mkdir -p .${each%/*} && cp -L $each .$each; done",
            "tar -c . | docker import -c 'CMD [\"/bin/sleep\",\"100000\"]' - " + IMAGE,
            "docker run -d --network none --name "
                + CONTAINER
                + " "
                + CONTAINER
                + ":1 /bin/sleep 100000",
            "sleep 1; docker exec " + CONTAINER + " true");
    assertThat(run("sh", "-c", String.join("\n", script)))
        .as(Files.readString(directory.resolve("output")))
        .isZero();
  }

  /** Everything the engine has, but for its images. */
  List<String> everything() throws IOException, InterruptedException {
    assertThat(
            run(
                "sh",
                "-c",
                "docker ps -aq --no-trunc | sed 's/^/container /'; docker network ls -q --no-trunc"
                    + " | sed 's/^/network /'; docker volume ls -q | sed 's/^/volume /'"))
        .isZero();
    return Files.readAllLines(directory.resolve("output"));
  }

  private int run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
    builder.environment().put("DOCKER_HOST", address().toString());
    Path output = directory.resolve("output");
    Process run = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertThat(run.waitFor(60, TimeUnit.SECONDS)).as(String.join(" ", command)).isTrue();
    return run.exitValue();
  }

  URI address() {
    return URI.create("unix://" + directory.resolve("docker.sock"));
  }

  @Override
  public void close() throws Exception {
    run("docker", "rm", "-f", CONTAINER);
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
