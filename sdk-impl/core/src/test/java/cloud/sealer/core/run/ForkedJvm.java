package cloud.sealer.core.run;

import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Runs a command in a JVM of its own, which may be small, killed, or another user's. Works on a
 * copy of the classes, because another user may not be allowed to read the build directory.
 */
final class ForkedJvm implements AutoCloseable {
  private final Path classes;
  private final List<Process> processes = new ArrayList<>();

  private ForkedJvm(Path classes) {
    this.classes = classes;
  }

  static ForkedJvm classes(Path directory) throws IOException, URISyntaxException {
    Files.createDirectory(directory);
    int number = 0;
    List<Class<?>> samples =
        List.of(SealerException.class, ShellExecutor.class, ForkedRun.class, LoggerFactory.class);
    for (Class<?> sample : samples) {
      Path source = Path.of(sample.getProtectionDomain().getCodeSource().getLocation().toURI());
      copy(source, directory.resolve(number++ + (Files.isDirectory(source) ? "" : ".jar")));
    }
    return new ForkedJvm(directory);
  }

  private static void copy(Path source, Path target) throws IOException {
    if (Files.isRegularFile(source)) {
      Files.copy(source, target);
      return;
    }
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, target.resolve(source.relativize(file).toString()));
      }
    }
  }

  /**
   * Starts {@link ForkedRun} with the directories {@code rootfs} and {@code scratch} of a
   * directory.
   */
  Process start(List<String> options, String executor, Path directory, String command)
      throws IOException {
    return start(List.of(), options, executor, directory, command);
  }

  private Process start(
      List<String> prefix, List<String> options, String executor, Path directory, String command)
      throws IOException {
    List<String> line = new ArrayList<>(prefix);
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(options);
    try (Stream<Path> parts = Files.list(classes)) {
      line.addAll(List.of("-cp", String.join(":", parts.map(Path::toString).toList())));
    }
    line.addAll(List.of(ForkedRun.class.getName(), executor, directory.toString(), command));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    processes.add(process);
    return process;
  }

  /** Runs it to its end and returns what it printed. */
  List<String> run(List<String> options, String executor, Path directory, String command)
      throws IOException, InterruptedException {
    return report(start(options, executor, directory, command));
  }

  /** The same as another user, through a program that changes the user. */
  List<String> runAs(List<String> prefix, String executor, Path directory, String command)
      throws IOException, InterruptedException {
    return report(start(prefix, List.of(), executor, directory, command));
  }

  private static List<String> report(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError("forked JVM failed: " + text);
    }
    return text.lines().toList();
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
  }
}
