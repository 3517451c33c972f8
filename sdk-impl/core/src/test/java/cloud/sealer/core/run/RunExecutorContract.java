package cloud.sealer.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.core.jvm.ForkedJvm;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.FileTree.Entry;
import cloud.sealer.sdk.spi.RunExecutor;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every executor must do. */
abstract class RunExecutorContract extends RunExecutorFixture {
  @Test
  void newFilesHaveModeSizeAndContent() throws Exception {
    try (FileTree tree =
        run("mkdir -p opt/tool && printf hello >opt/tool/a && chmod 4750 opt/tool/a")) {
      assertThat(tree.entries().stream().map(RunExecutorFixture::text))
          .containsExactly("DIRECTORY opt 755", "DIRECTORY opt/tool 755", "FILE opt/tool/a 4750");
      Entry file = tree.entries().get(2);
      assertThat(file.size()).isEqualTo(5);
      assertThat(file.stamp()).isNotNull();
      for (int i = 0; i < 2; i++) {
        try (InputStream content = file.content().open()) {
          assertThat(new String(content.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("hello");
        }
      }
    }
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void changedFilesAreRecordedWithTheirDirectories() {
    assertThat(changes("printf new >etc/changed"))
        .containsExactly("DIRECTORY etc 755", "FILE etc/changed 644");
  }

  @Test
  void changeThatKeepsSizeAndTimeIsRecorded() {
    assertThat(
            changes(
                "cp -p etc/changed t && printf NEW >etc/changed && touch -r t etc/changed && rm t"))
        .containsExactly("DIRECTORY etc 755", "FILE etc/changed 644");
  }

  @Test
  void changedModesAreRecorded() {
    assertThat(changes("chmod 600 etc/kept; chmod 1777 charts/app"))
        .containsExactly(
            "DIRECTORY charts 755",
            "DIRECTORY charts/app 1777",
            "DIRECTORY etc 755",
            "FILE etc/kept 600");
  }

  @Test
  void deletionsAreWhiteouts() {
    assertThat(changes("rm -r charts/app etc/changed"))
        .containsExactly(
            "DIRECTORY charts 755",
            "WHITEOUT charts/app",
            "DIRECTORY etc 755",
            "WHITEOUT etc/changed");
  }

  @Test
  void recreatedDirectoryHidesWhatItHeld() {
    assertThat(changes("rm -r charts/app && mkdir charts/app && touch charts/app/new"))
        .isIn(
            List.of(
                "DIRECTORY charts 755",
                "OPAQUE_DIRECTORY charts/app 755",
                "FILE charts/app/new 644"),
            List.of(
                "DIRECTORY charts 755",
                "DIRECTORY charts/app 755",
                "WHITEOUT charts/app/Chart.yaml",
                "FILE charts/app/new 644",
                "WHITEOUT charts/app/values.yaml"));
  }

  @Test
  void renamedDirectoryIsCompleteAtItsNewPlace() {
    assertThat(changes("mv charts/app moved"))
        .containsExactly(
            "DIRECTORY charts 755",
            "WHITEOUT charts/app",
            "DIRECTORY moved 755",
            "FILE moved/Chart.yaml 644",
            "FILE moved/values.yaml 644");
  }

  @Test
  void kindMayChange() {
    assertThat(changes("rm -r charts && ln -s etc charts && rm etc/kept && mkdir etc/kept"))
        .containsExactly("SYMLINK charts etc", "DIRECTORY etc 755", "DIRECTORY etc/kept 755");
  }

  @Test
  void emptyDirectoriesAndLinksAreKept() {
    assertThat(
            changes(
                "mkdir -p a/empty && echo x >one && ln one two && ln -s /etc/../x a/link && ln one"
                    + " a/3"))
        .containsExactly(
            "DIRECTORY a 755",
            "FILE a/3 644",
            "DIRECTORY a/empty 755",
            "SYMLINK a/link /etc/../x",
            "HARD_LINK one a/3",
            "HARD_LINK two a/3");
  }

  @Test
  void commandWithoutEffectHasNoEntries() {
    assertThat(changes("cat etc/kept; touch etc/x charts/app/y && rm etc/x charts/app/y"))
        .isEmpty();
  }

  @Test
  void specialFilesAreLeftOutWithNotice() {
    assertThat(changes("mkfifo etc/pipe && rm etc/kept && mkfifo etc/kept"))
        .containsExactly("DIRECTORY etc 755", "WHITEOUT etc/kept");
    assertThat(task.notices()).hasSize(2).allMatch(n -> n.contains("named pipe"));
  }

  @Test
  void binOfTheRootfsIsFirstOnThePath() throws Exception {
    Path program = rootfs.resolve("bin/ls");
    Files.writeString(program, "#!/bin/sh\necho mine\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    changes("ls; cd etc; ls");
    assertThat(task.lines()).containsExactly("mine", "mine");
  }

  @Test
  void environmentIsCleanAndExtensible() {
    RunExecutor.Request request =
        request(
            "umask; env | cut -d= -f1 | sort; echo \"$greeting\"; ls -A \"$HOME\"; cat",
            Map.of("greeting", "grüß 'dich'"),
            LONG);
    executor.run(request, task).close();
    assertThat(task.lines()).startsWith("0022").endsWith("grüß 'dich'");
    assertThat(task.lines().subList(1, task.lines().size() - 1))
        .contains("PATH", "HOME", "LANG", "SHELL", "greeting")
        .isSubsetOf("PATH", "HOME", "LANG", "SHELL", "PWD", "OLDPWD", "SHLVL", "_", "greeting");
  }

  @Test
  void textOfTheCommandReachesTheShellUnchanged() {
    changes("# first\nfor i in 1 2; do\n  echo \"$i  'ü' \\\\ $((i+1))\"\ndone");
    assertThat(task.lines()).containsExactly("1  'ü' \\ 2", "2  'ü' \\ 3");
  }

  @Test
  void outputIsStreamedInOrder() throws Exception {
    Path gate = temporary.resolve("gate");
    CompletableFuture<Void> run =
        CompletableFuture.runAsync(
            () ->
                run("echo a; echo b >&2; until [ -e '"
                        + gate
                        + "' ]; do sleep 0.05; done; printf c")
                    .close());
    Processes.await(() -> task.lines().size() == 2, Duration.ofSeconds(20));
    assertThat(task.lines()).containsExactly("a", "b");
    Files.createFile(gate);
    run.get(20, TimeUnit.SECONDS);
    assertThat(task.lines()).containsExactly("a", "b", "c");
  }

  @Test
  void failureTellsStatusAndLastLines() {
    SealerException e =
        failure("i=0; while [ $i -lt 50 ]; do i=$((i+1)); echo line $i; done; exit 3", LONG);
    assertThat(e.code()).isEqualTo(ErrorCode.RUN_FAILED);
    assertThat(e.details()).containsEntry("status", "3");
    assertThat(e.getMessage()).contains("RUN i=0; while", "status 3", "line 31\n", "line 50");
    assertThat(e.getMessage()).doesNotContain("line 30\n");
  }

  @Test
  void failureBySignalNamesIt() {
    assertThat(failure("kill -SEGV $$", LONG).getMessage()).contains("SIGSEGV");
  }

  @Test
  void missingProgramIsNamedInTheRemedy() {
    SealerException e = failure("no-such-helm version", LONG);
    assertThat(e.code()).isEqualTo(ErrorCode.RUN_FAILED);
    assertThat(e.remedy()).contains("\"no-such-helm\"", "COPY", "bin");
    assertThat(failure("env no-such-env", LONG).remedy()).contains("\"no-such-env\"");
  }

  @Test
  void programThatCannotBeExecutedHasRemedy() {
    SealerException e = failure("echo x >tool; ./tool", LONG);
    assertThat(e.details()).containsEntry("status", "126");
    assertThat(e.remedy()).contains("executable");
  }

  @Test
  void timeoutEndsAllProcesses() {
    String seconds = Processes.uniqueSeconds();
    String sleep = "sleep " + seconds;
    long start = System.nanoTime();
    SealerException e =
        failure(
            sleep + " & (trap '' TERM; " + sleep + ") & env -i setsid " + sleep + " & " + sleep,
            Duration.ofSeconds(1));
    assertThat(e.code()).isEqualTo(ErrorCode.RUN_TIMEOUT);
    assertThat(e.getMessage()).contains("1 s");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    assertThat(Processes.count(seconds)).isZero();
  }

  @Test
  void processesEndWithoutSetsidToo() throws Exception {
    Path tools = Files.createDirectory(temporary.resolve("tools"));
    for (String tool : List.of("cat", "sleep", "mount", "unshare")) {
      Path program =
          Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec /usr/bin/" + tool + " \"$@\"\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    String seconds = Processes.uniqueSeconds();
    Map<String, String> environment = Map.of("PATH", tools.toString());
    executor.run(request("sleep " + seconds + " & echo done", environment, LONG), task).close();
    assertThat(task.lines()).containsExactly("done");
    assertThat(Processes.count(seconds)).isZero();
    RunExecutor.Request slow =
        request("sleep " + seconds + " & sleep " + seconds, environment, Duration.ofSeconds(1));
    SealerException e =
        catchThrowableOfType(SealerException.class, () -> executor.run(slow, task).close());
    assertThat(e.code()).isEqualTo(ErrorCode.RUN_TIMEOUT);
    assertThat(Processes.count(seconds)).isZero();
  }

  @Test
  void timeoutLeavesTheCommandTimeToCleanUp() throws Exception {
    Path seen = temporary.resolve("seen");
    failure(
        "trap 'echo bye >\"" + seen + "\"; exit 1' TERM; while :; do sleep 0.1; done",
        Duration.ofMillis(700));
    // An older unshare dies of SIGTERM and takes the namespace with it at once.
    assumeTrue(executor.name().equals("copy") || Files.exists(seen));
    assertThat(seen).hasContent("bye");
  }

  @Test
  void interruptCancelsPromptlyAndStays() throws Exception {
    String seconds = Processes.uniqueSeconds();
    List<Object> seen = new ArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              seen.add(
                  failure("echo ready; sleep " + seconds + " & sleep " + seconds, LONG).code());
              seen.add(Thread.currentThread().isInterrupted());
            });
    thread.start();
    Processes.await(() -> task.lines().contains("ready"), Duration.ofSeconds(20));
    thread.interrupt();
    thread.join(5_000);
    assertThat(seen).containsExactly(ErrorCode.CANCELLED, true);
    assertThat(Processes.count(seconds)).isZero();
  }

  @Test
  void interruptedThreadStartsNothing() {
    Thread.currentThread().interrupt();
    try {
      SealerException e = failure("echo never", LONG);
      assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void processesLeftBehindAreEnded() {
    String seconds = Processes.uniqueSeconds();
    long start = System.nanoTime();
    assertThat(
            changes(
                "sleep "
                    + seconds
                    + " & setsid sleep "
                    + seconds
                    + " & yes >/dev/null & echo x >y"))
        .containsExactly("FILE y 644");
    assertThat(Processes.count(seconds)).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void chattyProcessLeftBehindIsEnded() {
    changes("yes & echo done");
    assertThat(task.lines()).contains("done");
  }

  @Test
  void strangePathsWork() throws Exception {
    useDirectory(Files.createDirectory(temporary.resolve("a,b:c d\\e\"f'g$h;i=*é")));
    Path program = rootfs.resolve("bin/mine");
    Files.writeString(program, "#!/bin/sh\necho mine >\"$1\"\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(changes("cd etc && mine 'x, y:\\z' && rm kept"))
        .containsExactly("DIRECTORY etc 755", "WHITEOUT etc/kept", "FILE etc/x, y:\\z 644");
  }

  @Test
  void nothingStaysMounted() throws Exception {
    changes("echo x >y");
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(scratch.toString());
    assertThat(temporary.resolve("probe")).isEmptyDirectory();
  }

  @Test
  void runsOneAfterTheOther() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(changes("mkdir -p new && echo " + i + " >new/" + i))
          .contains("FILE new/" + i + " 644");
      assertThat(scratch).isEmptyDirectory();
    }
  }

  @Test
  void killedJvmLeavesNoProcessAndNoMount() throws Exception {
    String seconds = Processes.uniqueSeconds();
    Path ready = temporary.resolve("ready");
    String sleep = "sleep " + seconds;
    // Nobody is left to look for a process that leaves its group, unless it is in a namespace.
    String daemon = executor.name().equals("copy") ? sleep : "setsid " + sleep;
    String command = daemon + " & " + sleep + " & echo x >'" + ready + "'; " + sleep;
    try (ForkedJvm jvm = ForkedRun.jvm(temporary.resolve("classes"))) {
      Process process = jvm.start(ForkedRun.class, executor.name(), temporary.toString(), command);
      Processes.await(() -> Files.exists(ready), Duration.ofSeconds(30));
      assertThat(Processes.count(seconds)).isPositive();
      process.destroyForcibly().waitFor();
      Processes.await(() -> Processes.count(seconds) == 0, Duration.ofSeconds(10));
    }
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(scratch.toString());
  }

  @Test
  void outputOfAnySizeFitsASmallHeap() throws Exception {
    try (ForkedJvm jvm = ForkedRun.jvm(temporary.resolve("classes"))) {
      String command = "head -c 150000000 /dev/zero | tr '\\0' x; echo; yes | head -c 2000000";
      String report =
          jvm.option("-Xmx24m")
              .option("-XX:+UseSerialGC")
              .run(ForkedRun.class, executor.name(), temporary.toString(), command);
      assertThat(report.lines()).contains("characters 151000000", "longest 65536", "scratch empty");
    }
  }
}
