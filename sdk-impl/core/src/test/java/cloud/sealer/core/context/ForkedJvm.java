package cloud.sealer.core.context;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs a class in a JVM of its own, for what depends on the locale or the user's home. */
public final class ForkedJvm {
  private final List<String> options = new ArrayList<>();
  private final Set<String> classPath = new LinkedHashSet<>();

  /** Starts with the code of the given classes on the class path. */
  public ForkedJvm(Class<?>... classes) throws URISyntaxException {
    for (Class<?> type : classes) {
      // not java.class.path: test launchers load tests by loaders of their own
      classPath.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
  }

  /** Adds an option of the java command. */
  public ForkedJvm option(String option) {
    options.add(option);
    return this;
  }

  /** Runs the class and returns what it printed. */
  public String run(
      Class<?> main, Path directory, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), main.getName()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(directory, "forked", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new IOException("no end after a minute: " + Files.readString(output));
      }
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new IOException("status " + process.exitValue() + ": " + Files.readString(output));
    }
    return Files.readString(output);
  }
}
