package cloud.sealer.kubernetes.cluster;

import cloud.sealer.sdk.HostAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Test machines: containers with systemd and sshd, made by the scripts of {@code sdk-examples}. */
final class Machines implements AutoCloseable {
  static final String PASSWORD = "Seadent123";

  private final Path scripts;
  private final Path state;
  private final Path images;
  private final List<HostAddress> addresses = new ArrayList<>();

  Machines(Path scripts, Path state, Path images) {
    this.scripts = scripts;
    this.state = state;
    this.images = images;
  }

  /** Starts some more: without an engine ({@code bare}), or with Debian's ({@code docker}). */
  void start(int count, String kind) {
    String lines =
        execute(
            List.of(
                scripts.resolve("machines").toString(),
                "up",
                state.toString(),
                images.toString(),
                Integer.toString(count),
                kind),
            900);
    lines
        .lines()
        .map(line -> line.split(" ", 2)[0])
        .filter(word -> word.matches("[0-9.]+"))
        .map(HostAddress::parse)
        .forEach(addresses::add);
  }

  /** Where one of the scripts is. */
  String path(String script) {
    return scripts.resolve(script).toString();
  }

  /** Executes one of the scripts that make things, which takes long when its cache is empty. */
  void script(String name, String target) {
    execute(List.of(path(name), target), 1800);
  }

  HostAddress address(int number) {
    return addresses.get(number - 1);
  }

  /** What a command prints on a machine, past all that is tested. */
  String on(int number, String script) {
    return execute(
        List.of(
            "docker",
            "-H",
            "unix://" + state.resolve("docker.sock"),
            "exec",
            "machine-" + number,
            "sh",
            "-c",
            script),
        300);
  }

  String execute(List<String> command, int seconds) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("MACHINE_PASSWORD", PASSWORD);
      Path log = java.nio.file.Files.createTempFile("machines", ".log");
      Process process = builder.redirectOutput(log.toFile()).start();
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      String output = java.nio.file.Files.readString(log, StandardCharsets.UTF_8);
      java.nio.file.Files.delete(log);
      if (!ended || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError(command + " failed:\n" + output);
      }
      return output;
    } catch (IOException e) {
      throw new AssertionError(command + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(command + " was interrupted", e);
    }
  }

  @Override
  public void close() {
    execute(List.of(scripts.resolve("machines").toString(), "down", state.toString()), 300);
  }
}
