package cloud.sealer.testkit.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HostFacts;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.HostSession.ExitStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Checks a {@link HostConnector} and its sessions on a host with Linux and the programs of busybox
 * or GNU. Everything it makes there lies in one directory below {@code /tmp}, which is removed.
 */
@Timeout(120)
public abstract class HostConnectorTck extends HostFilesTck {
  private static final Duration SHORT = Duration.ofSeconds(1);

  /** For subclasses. */
  protected HostConnectorTck() {}

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
