package cloud.sealer.core.run;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.RunExecutor;
import cloud.sealer.sdk.spi.Task;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The main class of a forked JVM: runs one command and reports on standard output. */
final class ForkedRun implements Task {
  private long characters;
  private int longest;

  private ForkedRun() {}

  /** Takes the executor's name, the directory with rootfs and scratch, and the command. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[1]);
    List<RunExecutor> executors = RunExecutors.standard(directory);
    for (RunExecutor executor : executors) {
      System.out.println(executor.name() + ": " + executor.unavailable().orElse("works"));
    }
    RunExecutor executor = RunExecutors.choose(executors, Optional.of(arguments[0]));
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

  @Override
  public Task start(Event.TaskKind kind, String name, long total) {
    return this;
  }

  @Override
  public void advance(long amount) {}

  @Override
  public void retried(int attempt, Duration delay, String cause) {}

  @Override
  public void resumed(long offset) {}

  @Override
  public void evicted(Digest digest, String reason) {}

  @Override
  public void done(String detail) {}

  @Override
  public void cached(String detail) {}

  @Override
  public void close() {}
}
