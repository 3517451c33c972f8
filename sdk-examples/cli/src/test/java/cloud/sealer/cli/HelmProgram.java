package cloud.sealer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command line of {@code helm template} before the real engine, where no helm is installed. */
final class HelmProgram {
  private static final String SOURCE =
      """
      import com.marcnuri.helm.Helm;
      import java.nio.file.Path;

      class HelmTemplate {
        public static void main(String[] args) {
          System.out.print(new Helm(Path.of(args[2])).template().withName(args[1]).call());
          System.out.flush();
          Runtime.getRuntime().halt(0);
        }
      }
      """;

  private HelmProgram() {}

  /** Makes the program in a directory, where it also keeps what it was called with. */
  static Path in(Path directory) throws IOException {
    Path source = Files.writeString(directory.resolve("HelmTemplate.java"), SOURCE);
    Path program = directory.resolve("helm");
    Files.writeString(
        program,
        "#!/bin/sh\necho \"$@\" >> '%s'\nexec '%s' -cp '%s' '%s' \"$@\"\n"
            .formatted(
                directory.resolve("calls"),
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                source));
    if (!program.toFile().setExecutable(true)) {
      throw new IOException("cannot make a program of " + program);
    }
    return program;
  }

  /** What it was called with, each a line. */
  static List<String> calls(Path directory) throws IOException {
    return Files.readAllLines(directory.resolve("calls"));
  }
}
