package cloud.sealer.examples.benchmarks;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The programs of this machine. */
final class Tools {
  private Tools() {}

  /** Where a program is, if it is on the path or its own path is given. */
  static Optional<Path> find(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(directory -> Path.of(directory).resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The first of some programs that is not there. */
  static Optional<String> missing(Iterable<String> programs) {
    for (String program : programs) {
      if (find(program).isEmpty()) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }
}
