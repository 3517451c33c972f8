package cloud.sealer.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.FileTree.Entry;
import cloud.sealer.sdk.spi.RunExecutor;
import cloud.sealer.testkit.RecordingTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A small rootfs, and ways to run commands in it. */
abstract class RunExecutorFixture {
  static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path temporary;
  Path rootfs;
  Path scratch;
  RunExecutor executor;
  final RecordingTask task = new RecordingTask();

  abstract RunExecutor executor(Path probeDirectory);

  @BeforeEach
  void prepare() throws IOException {
    executor = executor(temporary.resolve("probe"));
    Optional<String> reason = executor.unavailable();
    if (Boolean.getBoolean("sealer.real")) {
      assertThat(reason).as("why " + executor.name() + " does not work").isEmpty();
    }
    assumeTrue(reason.isEmpty(), () -> executor.name() + ": " + reason.orElse(""));
    useDirectory(temporary);
  }

  void useDirectory(Path directory) throws IOException {
    rootfs = Files.createDirectory(directory.resolve("rootfs"));
    scratch = Files.createDirectory(directory.resolve("scratch"));
    Files.createDirectory(rootfs.resolve("bin"));
    write("etc/kept", "kept");
    write("etc/changed", "old");
    write("charts/app/Chart.yaml", "name: app");
    write("charts/app/values.yaml", "a: 1");
  }

  private void write(String path, String text) throws IOException {
    Path file = rootfs.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  RunExecutor.Request request(String command, Map<String, String> environment, Duration timeout) {
    return new RunExecutor.Request(rootfs, scratch, command, environment, timeout);
  }

  FileTree run(String command) {
    return executor.run(request(command, Map.of(), LONG), task);
  }

  /** The changes as {@code KIND path mode target}, modes of links and whiteouts left out. */
  List<String> changes(String command) {
    try (FileTree tree = run(command)) {
      assertThat(tree.entries().stream().map(Entry::path)).isSorted();
      return tree.entries().stream().map(RunExecutorFixture::text).toList();
    }
  }

  static String text(Entry entry) {
    String text = entry.kind() + " " + entry.path();
    return switch (entry.kind()) {
      case FILE, DIRECTORY, OPAQUE_DIRECTORY -> text + " " + Integer.toOctalString(entry.mode());
      case SYMLINK, HARD_LINK -> text + " " + entry.target();
      case WHITEOUT -> text;
    };
  }

  SealerException failure(String command, Duration timeout) {
    SealerException e =
        catchThrowableOfType(
            SealerException.class,
            () -> executor.run(request(command, Map.of(), timeout), task).close());
    assertThat(e).as("exception of " + command).isNotNull();
    assertThat(scratch).isEmptyDirectory();
    return e;
  }
}
