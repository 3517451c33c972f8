package cloud.sealer.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Programs of this machine that tests use. */
final class Machine {
  private Machine() {}

  /**
   * Skips the test without root and the programs, or fails it where real components are demanded.
   */
  static void require(String... programs) {
    require("root".equals(System.getProperty("user.name")), "this needs root");
    for (String program : programs) {
      require(there(program), program + " is not installed");
    }
  }

  private static void require(boolean there, String reason) {
    if (!there && Boolean.getBoolean("sealer.real")) {
      fail(reason);
    }
    assumeTrue(there, reason);
  }

  private static boolean there(String program) {
    for (String directory : new String[] {"/usr/sbin", "/usr/bin", "/sbin", "/bin"}) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }

  /** Runs a program to its good end, with a text to read, and gives what it printed. */
  static String run(String input, String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("machine", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      boolean ended = process.waitFor(60, TimeUnit.SECONDS);
      process.destroyForcibly();
      String text = Files.readString(output);
      assertThat(ended).as("%s ends%n%s", command[0], text).isTrue();
      assertThat(process.exitValue()).as("%s%n%s", String.join(" ", command), text).isZero();
      return text;
    } finally {
      Files.delete(output);
    }
  }
}
