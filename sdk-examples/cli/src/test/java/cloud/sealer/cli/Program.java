package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that was started, with its output in files, so that it never waits for a reader. */
final class Program {
  private static final long LIMIT_SECONDS = 180;

  private final List<String> command;
  private final Process process;
  private final Path out;
  private final Path err;

  private Program(List<String> command, Process process, Path out, Path err) {
    this.command = command;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** The program this module makes. */
  static Path sealer() {
    return Path.of("target/sealer/bin/sealer").toAbsolutePath();
  }

  /** Whether a program is on the path. */
  static boolean exists(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /** Starts a program; its output files lie in the given directory. */
  static Program start(Path directory, Object... command) {
    List<String> words = Stream.of(command).map(Object::toString).toList();
    try {
      Path out = Files.createTempFile(directory, "out", ".txt");
      Path err = Files.createTempFile(directory, "err", ".txt");
      Process process =
          new ProcessBuilder(words)
              .directory(directory.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .start();
      return new Program(words, process, out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a program to its end. */
  static Result run(Path directory, Object... command) {
    return start(directory, command).end();
  }

  Result end() {
    return end(LIMIT_SECONDS);
  }

  Result end(long seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running: " + command + "\n" + text(out) + text(err));
      }
      return new Result(command, process.exitValue(), text(out), text(err));
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new AssertionError(e);
    }
  }

  Process process() {
    return process;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What came of a program.
   *
   * @param command what was run
   * @param exit its exit code
   * @param out what it printed
   * @param err what it complained of
   */
  record Result(List<String> command, int exit, String out, String err) {
    Result succeeds() {
      assertThat(exit).as("%s%n%s%n%s", command, out, err).isZero();
      return this;
    }

    Result fails(int code) {
      assertThat(exit).as("%s%n%s%n%s", command, out, err).isEqualTo(code);
      assertThat(err).isNotBlank().doesNotContain("\tat ");
      return this;
    }
  }
}
