package cloud.sealer.core.jvm;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Runs a class in a JVM of its own, which may be small, killed, another user's, or of another
 * locale or home.
 */
public final class ForkedJvm implements AutoCloseable {
  private static final long LIMIT_SECONDS = 120;

  private final Set<Path> classPath = new LinkedHashSet<>();
  private final List<String> prefix = new ArrayList<>();
  private final List<String> options = new ArrayList<>();
  private final Map<String, String> environment;
  private final List<Process> processes = new ArrayList<>();

  private ForkedJvm(Set<Path> classPath, Map<String, String> environment) {
    this.classPath.addAll(classPath);
    this.environment = environment;
  }

  /** With the code that the given classes come from on the class path. */
  public static ForkedJvm of(Class<?>... classes) throws URISyntaxException {
    Set<Path> classPath = new LinkedHashSet<>();
    for (Class<?> type : classes) {
      // not java.class.path: test launchers load tests by loaders of their own
      classPath.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
    }
    return new ForkedJvm(classPath, Map.of());
  }

  /** The same with more environment variables. */
  public ForkedJvm with(Map<String, String> variables) {
    return new ForkedJvm(classPath, variables);
  }

  /** The same on a copy of the code, since other users may not read the build directory. */
  public ForkedJvm copiedTo(Path directory) throws IOException {
    Set<Path> copies = new LinkedHashSet<>();
    Files.createDirectory(directory);
    for (Path source : classPath) {
      Path target = directory.resolve(copies.size() + (Files.isDirectory(source) ? "" : ".jar"));
      copy(source, target);
      copies.add(target);
    }
    return new ForkedJvm(copies, environment);
  }

  private static void copy(Path source, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(
            file,
            file.equals(source) ? target : target.resolve(source.relativize(file).toString()));
      }
    }
  }

  /** Adds an option of the java command. */
  public ForkedJvm option(String option) {
    options.add(option);
    return this;
  }

  /** Starts the JVM through another program, such as one that changes the user. */
  public ForkedJvm through(List<String> program) {
    prefix.addAll(program);
    return this;
  }

  /** Starts the class; {@link #close} kills what still runs. */
  public Process start(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    String path = String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList());
    command.addAll(List.of("-cp", path, main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  /** Runs the class to its end and returns what it printed; fails unless its status is 0. */
  public String run(Class<?> main, String... arguments) throws Exception {
    Process process = start(main, arguments);
    try {
      process.getOutputStream().close();
      String printed = read(process).get(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (process.waitFor() != 0) {
        throw new AssertionError("status " + process.exitValue() + ": " + printed);
      }
      return printed;
    } catch (TimeoutException e) {
      throw new AssertionError("no end after " + LIMIT_SECONDS + " seconds", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static CompletableFuture<String> read(Process process) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            byte[] printed = process.getInputStream().readAllBytes();
            return new String(printed, StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new AssertionError("cannot read what the JVM prints", e);
          }
        });
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
  }
}
