package cloud.sealer.core.run;

import cloud.sealer.core.jvm.ForkedJvm;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.RunExecutor;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** The main class of a forked JVM: runs one command and reports on standard output. */
final class ForkedRun extends SilentTask {
  private long characters;
  private int longest;

  private ForkedRun() {}

  /** A JVM with all that this class needs, on a copy of it. */
  static ForkedJvm jvm(Path copy) throws IOException, URISyntaxException {
    return ForkedJvm.of(
            SealerException.class, ShellExecutor.class, ForkedRun.class, LoggerFactory.class)
        .copiedTo(copy);
  }

  /** Takes the executor's name, the directory with rootfs and scratch, and the command. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[1]);
    List<RunExecutor> executors = RunExecutors.standard(directory);
    for (RunExecutor executor : executors) {
      System.out.println(executor.name() + ": " + executor.unavailable().orElse("works"));
    }
    RunExecutor executor = RunExecutors.choose(executors, Optional.of(arguments[0]), null);
    Path scratch = directory.resolve("scratch");
    ForkedRun task = new ForkedRun();
    RunExecutor.Request request =
        new RunExecutor.Request(
            directory.resolve("rootfs"), scratch, arguments[2], Map.of(), Duration.ofMinutes(1));
    try (FileTree tree = executor.run(request, task)) {
      for (FileTree.Entry entry : tree.entries()) {
        System.out.println(
            entry.kind() + " " + entry.path() + " " + Integer.toOctalString(entry.mode()));
        if (entry.content() != null) {
          try (InputStream content = entry.content().open()) {
            content.readAllBytes();
          }
        }
      }
    }
    System.out.println("characters " + task.characters);
    System.out.println("longest " + task.longest);
    try (var left = Files.list(scratch)) {
      System.out.println("scratch " + (left.findAny().isEmpty() ? "empty" : "not empty"));
    }
  }

  @Override
  public void output(String line) {
    characters += line.length();
    longest = Math.max(longest, line.length());
  }

  @Override
  public void notice(String message) {
    System.out.println("notice " + message);
  }
}
