package cloud.sealer.testkit.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.FileTree.Entry;
import cloud.sealer.sdk.spi.RunExecutor;
import cloud.sealer.testkit.RecordingTask;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks a {@link RunExecutor} on a small rootfs. Needs a POSIX file system; skipped where the
 * executor says that it does not work.
 */
@Timeout(120)
public abstract class RunExecutorTck {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final RecordingTask task = new RecordingTask();
  private Path rootfs;
  private Path scratch;
  private Path outside;
  private RunExecutor executor;

  /** For subclasses. */
  @SuppressWarnings("NullAway.Init")
  protected RunExecutorTck() {}

  /**
   * Makes an executor.
   *
   * @param directory a directory on the file system of the tests, for what the executor needs to
   *     find out whether it works
   * @return an executor
   */
  protected abstract RunExecutor executor(Path directory);

  @BeforeEach
  void prepare(@TempDir Path directory) throws IOException {
    executor = executor(Files.createDirectory(directory.resolve("probe")));
    Optional<String> reason = executor.unavailable();
    assumeTrue(reason.isEmpty(), () -> executor.name() + ": " + reason.orElse(""));
    rootfs = Files.createDirectory(directory.resolve("rootfs"));
    scratch = Files.createDirectory(directory.resolve("scratch"));
    outside = Files.createDirectory(directory.resolve("outside"));
    write("etc/kept", "kept", "rw-r--r--");
    write("etc/changed", "old", "rw-r--r--");
    write("charts/app/Chart.yaml", "name: app", "rw-r--r--");
    write("bin/tool", "#!/bin/sh\necho mine\n", "rwxr-xr-x");
  }

  private void write(String path, String text, String mode) throws IOException {
    Path file = rootfs.resolve(path);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private RunExecutor.Request request(
      String command, Map<String, String> environment, Duration timeout) {
    return new RunExecutor.Request(rootfs, scratch, command, environment, timeout);
  }

  private FileTree run(String command) {
    return executor.run(request(command, Map.of(), LONG), task);
  }

  /** The changes but for directories, as {@code KIND path detail}. */
  private List<String> changes(String command) {
    try (FileTree tree = run(command)) {
      assertThat(tree.entries().stream().map(Entry::path)).isSorted().doesNotHaveDuplicates();
      return tree.entries().stream()
          .filter(entry -> entry.kind() != FileTree.Kind.DIRECTORY)
          .map(RunExecutorTck::text)
          .toList();
    }
  }

  private static String text(Entry entry) {
    String text = entry.kind() + " " + entry.path();
    return switch (entry.kind()) {
      case FILE, DIRECTORY, OPAQUE_DIRECTORY -> text + " " + Integer.toOctalString(entry.mode());
      case SYMLINK, HARD_LINK -> text + " " + entry.target();
      case WHITEOUT -> text;
    };
  }

  private SealerException failure(String command, Duration timeout, ErrorCode code) {
    return Tck.failure(() -> executor.run(request(command, Map.of(), timeout), task).close(), code);
  }

  @Test
  void nameIsAWord() {
    assertThat(executor.name()).matches("[a-z0-9-]+");
  }

  @Test
  void newFilesHaveModeAndContentUntilTheTreeIsClosed() throws Exception {
    String command = "mkdir -p opt/empty && printf hello >opt/a && chmod 4750 opt/a";
    try (FileTree tree = run(command)) {
      assertThat(tree.entries().stream().map(RunExecutorTck::text))
          .containsExactly("DIRECTORY opt 755", "FILE opt/a 4750", "DIRECTORY opt/empty 755");
      Entry file = tree.entries().get(1);
      assertThat(file.size()).isEqualTo(5);
      for (int i = 0; i < 2; i++) {
        try (InputStream content = Objects.requireNonNull(file.content()).open()) {
          assertThat(new String(content.readAllBytes(), UTF_8)).isEqualTo("hello");
        }
      }
    }
  }

  @Test
  void changesDeletionsAndLinksAreTold() {
    assertThat(changes("printf new >etc/changed && rm -r charts/app && ln -s ../x etc/link"))
        .containsExactly("WHITEOUT charts/app", "FILE etc/changed 644", "SYMLINK etc/link ../x");
  }

  @Test
  void changeOfAModeIsAChange() {
    assertThat(changes("chmod 600 etc/kept")).containsExactly("FILE etc/kept 600");
  }

  @Test
  void commandWithoutEffectChangesNothing() {
    try (FileTree tree = run("cat etc/kept >/dev/null; touch etc/x && rm etc/x")) {
      assertThat(tree.entries()).isEmpty();
    }
  }

  @Test
  void rootIsTheCurrentDirectoryAndItsBinComesFirst() {
    changes("cat etc/kept; echo; tool; cd etc && tool");
    assertThat(task.lines()).containsExactly("kept", "mine", "mine");
  }

  @Test
  void commandSeesItsEnvironmentAndText() {
    String command = "echo \"$greeting\"\nfor i in 1 2; do echo \"$i '\\$'\"; done";
    executor.run(request(command, Map.of("greeting", "grüß 'dich'"), LONG), task).close();
    assertThat(task.lines()).containsExactly("grüß 'dich'", "1 '$'", "2 '$'");
  }

  @Test
  void outputIsPassedOnWhileItComes() throws Exception {
    CompletableFuture<Void> run =
        CompletableFuture.runAsync(
            () -> run("echo a; echo b >&2; sleep 1; echo c; printf d").close());
    Tck.await("the first lines come", () -> task.lines().size() >= 2);
    assertThat(run).isNotDone();
    run.get(30, TimeUnit.SECONDS);
    assertThat(task.lines()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void failureTellsCommandStatusAndOutput() {
    SealerException failure = failure("echo the reason >&2; exit 3", LONG, ErrorCode.RUN_FAILED);
    assertThat(failure.getMessage()).contains("exit 3", "3", "the reason");
  }

  @Test
  void missingProgramIsExplained() {
    SealerException failure = failure("no-such-tool", LONG, ErrorCode.RUN_FAILED);
    assertThat(failure.remedy()).contains("no-such-tool", "bin");
  }

  @Test
  void timeLimitEndsEveryProcess() throws Exception {
    Path beat = outside.resolve("beat");
    String loop = "while :; do date +%N >'" + beat + "'; sleep 0.1; done";
    long start = System.nanoTime();
    failure("(" + loop + ") & " + loop, Duration.ofSeconds(1), ErrorCode.RUN_TIMEOUT);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertSilent(beat);
  }

  private static void assertSilent(Path beat) throws IOException, InterruptedException {
    String last = Files.exists(beat) ? Files.readString(beat) : "";
    Thread.sleep(500);
    assertThat(Files.exists(beat) ? Files.readString(beat) : "").isEqualTo(last);
  }

  @Test
  void interruptEndsEveryProcess() throws Exception {
    Path beat = outside.resolve("beat");
    String command = "echo ready; while :; do date +%N >'" + beat + "'; sleep 0.1; done";
    Tck.interrupt(() -> task.lines().contains("ready"), () -> run(command).close());
    assertSilent(beat);
  }

  @Test
  void interruptedThreadIsCancelledAtOnce() throws Exception {
    Path beat = outside.resolve("beat");
    String command = "while :; do date +%N >'" + beat + "'; sleep 0.1; done";
    Tck.interruptedBefore(() -> run(command).close());
    assertSilent(beat);
  }

  @Test
  void processesLeftBehindHaveEnded() throws Exception {
    Path beat = outside.resolve("beat");
    String loop = "while :; do date +%N >'" + beat + "'; sleep 0.1; done";
    assertThat(changes("(" + loop + ") >/dev/null 2>&1 & echo x >y")).containsExactly("FILE y 644");
    assertSilent(beat);
  }

  @Test
  void executorWorksAgainAfterAFailure() throws Exception {
    failure("exit 1", LONG, ErrorCode.RUN_FAILED);
    Path fresh = rootfs.resolveSibling("fresh");
    Files.createDirectory(fresh);
    rootfs = fresh;
    scratch = Files.createDirectory(rootfs.resolveSibling("scratch2"));
    assertThat(changes("echo x >y")).containsExactly("FILE y 644");
  }
}
