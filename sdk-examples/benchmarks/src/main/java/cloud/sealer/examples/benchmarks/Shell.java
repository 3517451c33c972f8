package cloud.sealer.examples.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Runs shell commands in one directory and measures them. */
final class Shell {
  private static final long LIMIT_MINUTES = 5;
  private static final int KIBI = 1024;

  private final Path directory;
  private final Optional<Path> gnuTime = Tools.find("time");

  Shell(Path directory) {
    this.directory = directory;
  }

  /**
   * How a command ran.
   *
   * @param seconds how long it took
   * @param peakBytes the most memory one of its processes had, if GNU time is there to tell
   * @param status its exit status
   * @param output the end of what it wrote
   */
  record Run(double seconds, OptionalLong peakBytes, int status, String output) {}

  /** Runs a command that has to succeed. */
  void prepare(String command) {
    prepare(command, Map.of());
  }

  /** Runs a command that has to succeed, with more in its environment. */
  void prepare(String command, Map<String, String> environment) {
    if (!command.isEmpty()) {
      Run run = run(command, environment);
      if (run.status() != 0) {
        throw new IllegalStateException(command + " failed: " + run.output());
      }
    }
  }

  /** Runs a command to its end. */
  Run run(String command, Map<String, String> environment) {
    Path peak = directory.resolve("peak");
    Path output = directory.resolve("output");
    List<String> line = new ArrayList<>();
    gnuTime.ifPresent(
        time -> line.addAll(List.of(time.toString(), "-q", "-f", "%M", "-o", peak.toString())));
    line.addAll(List.of("/bin/sh", "-c", command));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    try {
      long start = System.nanoTime();
      Process process = builder.start();
      process.getOutputStream().close();
      int status = await(process, command);
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Run(seconds, peak(peak), status, end(output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int await(Process process, String command) {
    try {
      if (process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        return process.exitValue();
      }
      throw new IllegalStateException(command + " took more than " + LIMIT_MINUTES + " minutes");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private OptionalLong peak(Path file) throws IOException {
    if (gnuTime.isEmpty()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(Files.readString(file).strip()) * KIBI);
  }

  private static String end(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    return text.substring(Math.max(0, text.length() - 2000));
  }
}
