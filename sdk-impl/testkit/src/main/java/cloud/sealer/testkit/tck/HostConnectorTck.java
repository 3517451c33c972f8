package cloud.sealer.testkit.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostFacts;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.FileTree.Entry;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.HostSession.ExitStatus;
import cloud.sealer.testkit.RecordingTask;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Checks a {@link HostConnector} and its sessions on a host with Linux and the programs of busybox
 * or GNU. Everything it makes there lies in one directory below {@code /tmp}, which is removed.
 */
@Timeout(120)
public abstract class HostConnectorTck {
  private static final Duration SHORT = Duration.ofSeconds(1);

  private final RecordingTask task = new RecordingTask();
  private HostConnector connector;
  private HostSession session;
  private String directory;

  /** For subclasses. */
  @SuppressWarnings("NullAway.Init")
  protected HostConnectorTck() {}

  /**
   * Makes a connector that reaches {@link #host}.
   *
   * @return a connector, closed after the test
   * @throws Exception if it cannot be made
   */
  protected abstract HostConnector connector() throws Exception;

  /**
   * The host to connect to.
   *
   * @return the host
   */
  protected abstract Host host();

  /**
   * Whether commands are executed as root, as on all hosts but those of fast tests.
   *
   * @return true by default
   */
  protected boolean root() {
    return true;
  }

  @BeforeEach
  void connect() throws Exception {
    connector = connector();
    session = connector.connect(host(), task);
    directory = "/tmp/sealer-tck-" + UUID.randomUUID();
    assertThat(out("mkdir " + directory)).isEmpty();
  }

  @AfterEach
  void disconnect() {
    session.exec(HostCommand.of("rm -rf " + directory), HostOutput.NONE);
    session.close();
    connector.close();
  }

  /** Keeps what a command prints. */
  private static final class Text implements HostOutput {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Override
    public synchronized void stdout(byte[] bytes, int offset, int length) {
      out.write(bytes, offset, length);
    }

    @Override
    public synchronized void stderr(byte[] bytes, int offset, int length) {
      err.write(bytes, offset, length);
    }

    synchronized String out() {
      return out.toString(UTF_8);
    }

    synchronized String err() {
      return err.toString(UTF_8);
    }
  }

  /** What a command that must succeed prints. */
  private String out(HostCommand command) {
    Text text = new Text();
    ExitStatus status = session.exec(command, text);
    assertThat(status.ok()).as("%s: %s %s", command, status, text.err()).isTrue();
    return text.out();
  }

  private String out(String command) {
    return out(HostCommand.of(command));
  }

  private static FileTree.Content bytes(byte[] bytes) {
    return () -> new ByteArrayInputStream(bytes);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private String path(String name) {
    return directory + "/" + name;
  }

  @Test
  void nameIsAWordAndTheHostIsReached() {
    assertThat(connector.name()).matches("[a-z0-9-]+");
    assertThat(connector.reaches(host())).isTrue();
    assertThat(session.host()).isEqualTo(host());
  }

  @Test
  void streamsAndStatusOfACommandAreTold() {
    Text text = new Text();
    ExitStatus status =
        session.exec(HostCommand.of("echo 'to out'; echo 'to err' >&2; exit 3"), text);
    assertThat(status).isEqualTo(new ExitStatus(3, ""));
    assertThat(text.out()).isEqualTo("to out\n");
    assertThat(text.err()).isEqualTo("to err\n");
  }

  @Test
  void endBySignalIsToldAsStatus() {
    ExitStatus status = session.exec(HostCommand.of("kill -9 $$"), HostOutput.NONE);
    assertThat(status.status()).isEqualTo(137);
  }

  @Test
  void commandIsRoot() {
    if (root()) {
      assertThat(out("id -u")).isEqualTo("0\n");
    }
  }

  @Test
  void textIsTheShells() {
    String text =
        "for i in 1 2; do\n  echo \"$i 'a' \\$\" # comment\ndone\ncat <<'X'\nin 'here'\nX";
    assertThat(out(text)).isEqualTo("1 'a' $\n2 'a' $\nin 'here'\n");
  }

  @Test
  void environmentIsExportedAsItIs() {
    String value = "it's \"$HOME\" `id` \\n\ttab\nzwei Zeilen: grüß ÁÈ 日本 ";
    HostCommand command =
        HostCommand.builder("sh -c 'printf \"%s|\" \"$VALUE\" \"$EMPTY\"'")
            .environment("VALUE", value)
            .environment("EMPTY", "")
            .build();
    assertThat(out(command)).isEqualTo(value + "||");
  }

  @Test
  void directoryIsTheCurrentOne() {
    assertThat(out("pwd")).isEqualTo("/\n");
    assertThat(out(HostCommand.builder("pwd").directory(directory).build()))
        .isEqualTo(directory + "\n");
    ExitStatus missing =
        session.exec(
            HostCommand.builder("echo here").directory(path("missing")).build(), HostOutput.NONE);
    assertThat(missing.ok()).isFalse();
  }

  @Test
  void standardInputIsReadToItsEnd() {
    byte[] input = random(5_000_001);
    HostCommand command =
        HostCommand.builder("cat >" + path("in") + " && wc -c <" + path("in"))
            .stdin(bytes(input))
            .build();
    assertThat(out(command).strip()).isEqualTo("5000001");
    ByteArrayOutputStream back = new ByteArrayOutputStream();
    session.download(path("in"), back);
    assertThat(back.toByteArray()).isEqualTo(input);
  }

  @Test
  void withoutInputThereIsNothingToRead() {
    assertThat(out("cat; echo end")).isEqualTo("end\n");
  }

  @Test
  void inputThatNobodyReadsIsNoFailure() {
    assertThat(out(HostCommand.builder("echo done").stdin(bytes(random(3_000_000))).build()))
        .isEqualTo("done\n");
  }

  @Test
  void inputThatCannotBeReadEndsTheCommand() {
    InputStream broken = new BrokenSource(100_000, "the source is gone");
    HostCommand command = HostCommand.builder("cat >" + path("x")).stdin(() -> broken).build();
    SealerException failure =
        Tck.failure(() -> session.exec(command, HostOutput.NONE), ErrorCode.HOST_IO);
    assertThat(failure.getMessage()).contains("the source is gone");
    assertThat(out("echo works")).isEqualTo("works\n");
  }

  @Test
  void nothingSecretIsInTheListOfProcesses() {
    String look =
        "for each in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <$each; echo; done 2>/dev/null >"
            + path("list")
            + "; read -r input; for each in \"$SECRET\" \"$input\" in-the-text; do "
            + "if grep -qF -e \"$each\" <"
            + path("list")
            + "; then echo seen; fi; done; grep -c . "
            + path("list");
    HostCommand command =
        HostCommand.builder(look)
            .environment("SECRET", "of-the-environment")
            .stdin(bytes("of-the-input\n".getBytes(UTF_8)))
            .build();
    assertThat(out(command).strip()).matches("[0-9]+").isNotEqualTo("0");
  }

  @Test
  void outputIsPassedOnWhileItComes() throws Exception {
    Text text = new Text();
    CompletableFuture<ExitStatus> run =
        CompletableFuture.supplyAsync(
            () -> session.exec(HostCommand.of("echo a; sleep 2; echo b"), text));
    Tck.await("the first line comes", () -> text.out().equals("a\n"));
    assertThat(run).isNotDone();
    assertThat(run.get(30, TimeUnit.SECONDS).ok()).isTrue();
    assertThat(text.out()).isEqualTo("a\nb\n");
  }

  @Test
  void outputThatIsRefusedEndsTheCommand() throws Exception {
    HostOutput refusing =
        new HostOutput() {
          @Override
          public void stdout(byte[] bytes, int offset, int length) throws IOException {
            throw new IOException("no more");
          }

          @Override
          public void stderr(byte[] bytes, int offset, int length) {}
        };
    SealerException failure =
        Tck.failure(() -> session.exec(HostCommand.of(beat()), refusing), ErrorCode.HOST_IO);
    assertThat(failure.getMessage()).contains("no more");
    assertSilent();
  }

  /** Says {@code ready}, then writes to a file for ever, in a child that left its group too. */
  private String beat() {
    String loop = "while :; do date +%s%N >" + path("beat") + "; sleep 0.1; done";
    return "echo ready; (setsid sh -c '" + loop + "' >/dev/null 2>&1 &) ; " + loop;
  }

  private void assertSilent() throws InterruptedException {
    out("rm -f " + path("beat"));
    Thread.sleep(500);
    assertThat(out("ls " + directory)).doesNotContain("beat");
  }

  @Test
  void timeLimitEndsEveryProcess() throws Exception {
    long start = System.nanoTime();
    HostCommand command = HostCommand.builder(beat()).title("beating").timeout(SHORT).build();
    SealerException failure =
        Tck.failure(() -> session.exec(command, HostOutput.NONE), ErrorCode.COMMAND_TIMEOUT);
    assertThat(failure.getMessage()).contains("beating", host().address().toString());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    assertSilent();
  }

  @Test
  void whoIgnoresTheRequestToEndIsKilled() throws Exception {
    String stubborn = "trap '' TERM; " + beat();
    HostCommand command = HostCommand.builder(stubborn).timeout(SHORT).build();
    Tck.failure(() -> session.exec(command, HostOutput.NONE), ErrorCode.COMMAND_TIMEOUT);
    assertSilent();
  }

  @Test
  void interruptEndsEveryProcess() throws Exception {
    Text text = new Text();
    Tck.interrupt(
        () -> text.out().equals("ready\n"), () -> session.exec(HostCommand.of(beat()), text));
    assertSilent();
  }

  @Test
  void interruptedThreadIsCancelledAtOnce() throws Exception {
    Tck.interruptedBefore(() -> session.exec(HostCommand.of(beat()), HostOutput.NONE));
    assertSilent();
  }

  @Test
  void childLeftInTheBackgroundDoesNotHoldTheCall() {
    long start = System.nanoTime();
    assertThat(out("sleep 30 & echo $! >" + path("pid") + "; echo done")).isEqualTo("done\n");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertThat(out("kill $(cat " + path("pid") + ") && echo alive")).isEqualTo("alive\n");
  }

  @Test
  void manyCommandsAtOnceAllSucceed() throws Exception {
    List<String> outs = Tck.atOnce(24, () -> out("sleep 0.3; echo done"));
    assertThat(outs).hasSize(24).containsOnly("done\n");
  }

  @Test
  void uploadedFileHasItsBytesAndModeAndReplacesTheOldOne() {
    String path = path("new dir/it's a file");
    byte[] content = random(2_500_000);
    session.upload(path, 0600, bytes("old".getBytes(UTF_8)));
    session.upload(path, 04750, bytes(content));
    ByteArrayOutputStream back = new ByteArrayOutputStream();
    session.download(path, back);
    assertThat(back.toByteArray()).isEqualTo(content);
    String directory = "'" + path("new dir") + "'";
    assertThat(out("cd " + directory + " && stat -c '%a %n' . it*; ls -A | wc -l"))
        .isEqualTo("755 .\n4750 it's a file\n1\n");
  }

  @Test
  void emptyFileIsUploaded() {
    session.upload(path("empty"), 0644, bytes(new byte[0]));
    assertThat(out("stat -c %s " + path("empty"))).isEqualTo("0\n");
  }

  @Test
  void uploadThatFailsLeavesTheOldFileAndNothingElse() {
    session.upload(path("kept"), 0644, bytes("old".getBytes(UTF_8)));
    FileTree.Content broken = () -> new BrokenSource(2_000_000, "disk error");
    SealerException failure =
        Tck.failure(() -> session.upload(path("kept"), 0644, broken), ErrorCode.HOST_IO);
    assertThat(failure.getMessage()).contains("disk error", path("kept"));
    assertThat(out("cat " + path("kept") + "; ls -A " + directory)).isEqualTo("oldkept\n");
  }

  @Test
  void fileDoesNotReplaceADirectory() {
    SealerException failure =
        Tck.failure(() -> session.upload(directory, 0644, bytes(random(10))), ErrorCode.HOST_IO);
    assertThat(failure.getMessage()).contains(directory, host().address().toString());
  }

  @Test
  void pathsAreAbsoluteAndOfOneForm() {
    for (String path : List.of("relative", "/a/../b", "/a/./b", "/a/..")) {
      assertThatIllegalArgumentException()
          .as(path)
          .isThrownBy(() -> session.upload(path, 0644, bytes(random(1))));
      assertThatIllegalArgumentException()
          .as(path)
          .isThrownBy(() -> session.download(path, OutputStream.nullOutputStream()));
    }
  }

  private static Entry file(String path, int mode, byte[] content) {
    return Entry.file(RootfsPath.of(path), mode, content.length, bytes(content));
  }

  @Test
  void treeHasItsModesAndLinksAndLongNames() {
    String deep = "d/" + "long".repeat(40) + "/" + "name".repeat(40);
    byte[] content = random(700_001);
    List<Entry> entries =
        List.of(
            Entry.directory(RootfsPath.of("d"), 0750),
            file("d/a", 0640, content),
            Entry.symlink(RootfsPath.of("d/b"), "../d/a"),
            Entry.hardLink(RootfsPath.of("d/c"), RootfsPath.of("d/a")),
            Entry.directory(RootfsPath.of("d/empty"), 01777),
            file(deep, 0600, random(10)));
    out("mkdir " + path("t") + " && echo stays >" + path("t/other"));
    session.upload(path("t"), () -> entries, task);
    assertThat(
            out(
                "cd "
                    + path("t")
                    + "; stat -c '%a %s %h' d d/a d/empty | cut -d' ' -f1; readlink d/b; cat other;"
                    + " stat -c %h d/a"))
        .isEqualTo("750\n640\n1777\n../d/a\nstays\n2\n");
    assertThat(out("stat -c '%a %s' " + path("t/" + deep))).isEqualTo("600 10\n");
    assertThat(task.advanced()).isEqualTo(700_011);
    ByteArrayOutputStream back = new ByteArrayOutputStream();
    session.download(path("t/d/c"), back);
    assertThat(back.toByteArray()).isEqualTo(content);
  }

  @Test
  void treeDoesNotLeaveItsDirectoryByALink() {
    List<Entry> entries =
        List.of(Entry.symlink(RootfsPath.of("out"), "/tmp"), file("out/x", 0644, random(1)));
    Tck.failure(() -> session.upload(path("t"), () -> entries, task), ErrorCode.PATH_ESCAPES);
  }

  @Test
  void treeWhoseFileHasShrunkFails() {
    List<Entry> entries = List.of(Entry.file(RootfsPath.of("x"), 0644, 100, bytes(random(99))));
    SealerException failure =
        Tck.failure(() -> session.upload(path("t"), () -> entries, task), ErrorCode.HOST_IO);
    assertThat(failure.getMessage()).contains("x", "100");
  }

  @Test
  void treeComesBackAsATar() {
    out("cd " + directory + " && mkdir d && echo text >d/f && ln -s f d/l && chmod 600 d/f");
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    session.downloadTree(path("d"), in -> in.transferTo(tar));
    HostCommand list =
        HostCommand.builder(
                "mkdir back && cd back && tar -xpf - && cat f && readlink l && stat -c %a f")
            .directory(directory)
            .stdin(bytes(tar.toByteArray()))
            .build();
    assertThat(out(list)).isEqualTo("text\nf\n600\n");
  }

  @Test
  void treeThatIsMissingOrUnreadFails() {
    Tck.failure(
        () -> session.downloadTree(path("missing"), in -> in.readAllBytes()), ErrorCode.HOST_IO);
    SealerException failure =
        Tck.failure(
            () ->
                session.downloadTree(
                    directory,
                    in -> {
                      throw new IOException("not wanted");
                    }),
            ErrorCode.HOST_IO);
    assertThat(failure.getMessage()).contains("not wanted");
  }

  @Test
  void missingFileIsNamed() {
    SealerException failure =
        Tck.failure(
            () -> session.download(path("missing"), OutputStream.nullOutputStream()),
            ErrorCode.HOST_IO);
    assertThat(failure.getMessage()).contains(path("missing"), host().address().toString());
  }

  @Test
  void targetThatFailsIsTold() {
    session.upload(path("x"), 0644, bytes(random(1000)));
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space here");
          }
        };
    SealerException failure =
        Tck.failure(() -> session.download(path("x"), full), ErrorCode.HOST_IO);
    assertThat(failure.getMessage()).contains("no space here");
  }

  @Test
  void factsArePlausible() {
    HostFacts facts = session.facts();
    assertThat(facts.hostname()).isEqualTo(out("uname -n").strip());
    assertThat(facts.kernel()).isEqualTo(out("uname -r").strip());
    assertThat(facts.platform().os()).isEqualTo("linux");
    assertThat(facts.processors()).isPositive();
    assertThat(facts.memory()).isGreaterThan(1 << 20);
    assertThat(facts.fileSystem("/tmp/x").size()).isPositive();
    assertThat(facts.clockOffset().abs()).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void closedSessionDoesNothing() {
    HostSession other = connector.connect(host(), task);
    other.close();
    Tck.failure(() -> other.exec(HostCommand.of("true"), HostOutput.NONE));
    assertThat(out("echo works")).isEqualTo("works\n");
  }
}
