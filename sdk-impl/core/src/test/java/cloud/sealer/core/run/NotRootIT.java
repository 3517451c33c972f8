package cloud.sealer.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.core.jvm.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Executors in a JVM of a user without privileges, started by root. */
class NotRootIT {
  private static final List<String> NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  /** Not a JUnit temporary directory, as those are below one that only their owner enters. */
  private Path directory;

  @BeforeEach
  void prepare() throws Exception {
    directory = Files.createTempDirectory("sealer-not-root");
    assumeTrue(
        Integer.valueOf(0).equals(Files.getAttribute(directory, "unix:uid")),
        "the tests are not run by root");
    Path work = Files.createDirectory(directory.resolve("work"));
    Files.createDirectory(work.resolve("scratch"));
    Path etc = Files.createDirectories(work.resolve("rootfs/etc"));
    Files.writeString(etc.resolve("kept"), "kept");
    Files.writeString(etc.resolve("gone"), "gone");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    assumeTrue(execute("chown", "-R", "65534:65534", work.toString()), "chown does not work");
    assumeTrue(execute(NOBODY.get(0), "--version"), "setpriv is not installed");
  }

  private static boolean execute(String... line) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(line)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @AfterEach
  void remove() {
    Cleanup.tree(directory);
  }

  @ParameterizedTest
  @ValueSource(strings = {"overlay-userns", "copy"})
  void changesAreRecordedWhateverTheirModes(String executor) throws Exception {
    String command =
        "rm etc/gone; mkdir -p a/closed; echo x >a/closed/file; chmod 0 a/closed/file a/closed;"
            + " echo y >z";
    try (ForkedJvm jvm = ForkedRun.jvm(directory.resolve("classes"))) {
      List<String> report = new ForkedReport(jvm, directory.resolve("work")).of(executor, command);
      assertThat(report)
          .contains(
              "DIRECTORY a 755",
              "DIRECTORY a/closed 0",
              "FILE a/closed/file 0",
              "DIRECTORY etc 755",
              "WHITEOUT etc/gone 0",
              "FILE z 644",
              "scratch empty")
          .noneMatch(line -> line.startsWith("FILE etc"))
          .anyMatch(line -> line.startsWith("overlay: ") && line.contains("not permitted"));
    }
  }

  /** Skips if user namespaces are switched off on this machine. */
  private record ForkedReport(ForkedJvm jvm, Path work) {
    List<String> of(String executor, String command) throws Exception {
      try {
        return jvm.through(NOBODY)
            .run(ForkedRun.class, executor, work.toString(), command)
            .lines()
            .toList();
      } catch (AssertionError e) {
        String text = String.valueOf(e.getMessage());
        Stream<String> reasons = text.lines().filter(l -> l.contains("overlay-userns: "));
        assumeFalse(
            executor.equals("overlay-userns") && text.contains("RUN cannot be executed"),
            () -> reasons.findFirst().orElse(text));
        throw e;
      }
    }
  }
}
