package cloud.sealer.core.run;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.RunExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out once whether an executor works on this machine and file system, by letting it do in
 * small what it is for. That tells more than versions and capabilities: containers, security
 * modules and file systems all have a say in it. Thread-safe.
 */
final class ExecutorProbe {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String COMMAND = "rm -r gone replaced && mkdir replaced && ln -s x link";
  private static final List<FileTree.Kind> EXPECTED =
      List.of(FileTree.Kind.WHITEOUT, FileTree.Kind.SYMLINK);

  private final Path directory;
  private boolean probed;
  private Optional<String> reason = Optional.empty();

  ExecutorProbe(Path directory) {
    this.directory = directory;
  }

  /** Why the executor does not work; a cancelled probe is not remembered. */
  synchronized Optional<String> unavailable(RunExecutor executor) {
    if (!probed) {
      reason = probe(executor);
      probed = true;
    }
    return reason;
  }

  private Optional<String> probe(RunExecutor executor) {
    try {
      Files.createDirectories(directory);
      Path probe = Files.createTempDirectory(directory, "run-probe");
      try {
        return attempt(executor, probe);
      } finally {
        Cleanup.tree(probe);
      }
    } catch (SealerException e) {
      if (e.code() == ErrorCode.CANCELLED) {
        throw e;
      }
      return Optional.of(oneLine(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      return Optional.of("cannot be tried in " + directory + ": " + IoReason.of(e));
    } catch (UnsupportedOperationException e) {
      return Optional.of("the file system of " + directory + " has no Unix file attributes");
    }
  }

  private static Optional<String> attempt(RunExecutor executor, Path probe) throws IOException {
    Path rootfs = Files.createDirectory(probe.resolve("rootfs"));
    Path scratch = Files.createDirectory(probe.resolve("scratch"));
    Files.createFile(rootfs.resolve("gone"));
    Files.createFile(Files.createDirectory(rootfs.resolve("replaced")).resolve("old"));
    var request = new RunExecutor.Request(rootfs, scratch, COMMAND, Map.of(), LIMIT);
    try (FileTree changes = executor.run(request, new SilentTask())) {
      List<String> paths = changes.entries().stream().map(e -> e.path().value()).toList();
      List<FileTree.Kind> kinds = changes.entries().stream().map(FileTree.Entry::kind).toList();
      boolean replaced =
          kinds.contains(FileTree.Kind.OPAQUE_DIRECTORY) || paths.contains("replaced/old");
      return replaced && kinds.containsAll(EXPECTED)
          ? Optional.empty()
          : Optional.of("deletions are not recorded on the file system of " + probe.getParent());
    }
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\n\\s*", " ");
  }
}
