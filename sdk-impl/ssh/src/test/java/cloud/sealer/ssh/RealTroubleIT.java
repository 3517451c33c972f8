package cloud.sealer.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.testkit.TcpLink;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bad lines and servers, against OpenSSH. */
@Tag("real")
@Timeout(120)
class RealTroubleIT extends OpenSshFixture {
  private OpenSsh server;
  private TcpLink link;

  @BeforeEach
  void start() throws Exception {
    server = server();
    link = closing(TcpLink.to(server.port()));
  }

  private Host host() {
    return new Host(
        new HostAddress("127.0.0.1", link.port()), Set.of(), server.root().ssh(), Map.of());
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void connectionCutInMidStreamLeavesTheOldFileAndTheNextCallWorks() throws Exception {
    HostSession session = connect(host());
    Path file = directory.resolve("file");
    Files.writeString(file, "old");
    byte[] content = random(20_000_000);
    link.cutAfter(5_000_000);
    SealerException failure =
        catchThrowableOfType(
            SealerException.class,
            () -> session.upload(file.toString(), 0644, () -> new ByteArrayInputStream(content)));
    assertThat(failure.code()).isEqualTo(ErrorCode.HOST_UNREACHABLE);
    assertThat(failure.retryable()).isTrue();
    assertThat(failure.getMessage()).contains(file.toString(), host().address().toString());
    session.upload(file.toString(), 0644, () -> new ByteArrayInputStream(content));
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
    String notOnceTheServerSeesTheCut =
        "for i in $(seq 100); do ls -A %1$s | grep -q '^\\.sealer-' || break; sleep 0.2; done; ls"
            + " -A %1$s";
    assertThat(out(session, notOnceTheServerSeesTheCut.formatted(directory)))
        .doesNotContain(".sealer-");
  }

  @Test
  void connectionThatBrokeBetweenCallsIsOpenedAgain() throws Exception {
    HostSession session = connect(host());
    for (int i = 0; i < 3; i++) {
      link.cut();
      assertThat(out(session, "echo works")).isEqualTo("works\n");
    }
    server.dropConnections();
    Thread.sleep(200);
    assertThat(out(session, "echo works")).isEqualTo("works\n");
  }

  @Test
  void slowLinkIsNoFailure() throws Exception {
    link.slow(200_000);
    HostSession session = connect(host());
    Path file = directory.resolve("file");
    byte[] content = random(600_000);
    session.upload(file.toString(), 0644, () -> new ByteArrayInputStream(content));
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
    assertThat(session.facts().clockOffset().abs()).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void hostThatFallsSilentIsGivenUp() {
    HostSession session =
        connect(builder(HostKeyPolicy.acceptAll()).keepAlive(Duration.ofSeconds(1)), host());
    HostOutput stalling =
        new HostOutput() {
          @Override
          public void stdout(byte[] bytes, int offset, int length) {
            link.stall(true);
          }

          @Override
          public void stderr(byte[] bytes, int offset, int length) {}
        };
    SealerException failure =
        catchThrowableOfType(
            SealerException.class,
            () -> session.exec(HostCommand.of("echo now; sleep 100"), stalling));
    assertThat(failure.code()).isEqualTo(ErrorCode.HOST_UNREACHABLE);
    link.stall(false);
  }

  @Test
  void hostThatComesUpLateIsReached() throws Exception {
    server.stop();
    Thread starter =
        new Thread(
            () -> {
              try {
                Thread.sleep(1500);
                server.restart();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    starter.start();
    SshHostConnector.Builder patient =
        SshHostConnector.builder(HostKeyPolicy.acceptAll()).attempts(8, Duration.ofMillis(200));
    assertThat(out(connect(patient, server.root()), "echo works")).isEqualTo("works\n");
    assertThat(task.retries()).isNotEmpty();
    starter.join();
  }

  @Test
  void connectingIsCancelledByAnInterrupt() throws Exception {
    link.stall(true);
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<SealerException> failure = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              begun.countDown();
              failure.set(catchThrowableOfType(SealerException.class, () -> connect(host())));
            });
    thread.start();
    begun.await();
    Thread.sleep(500);
    thread.interrupt();
    thread.join(TimeUnit.SECONDS.toMillis(10));
    assertThat(failure.get().code()).isEqualTo(ErrorCode.CANCELLED);
  }

  @Test
  void serverThatAllowsFewSessionsIsWaitedFor() throws Exception {
    OpenSsh narrow = server("MaxSessions 3");
    HostSession session = connect(narrow.root());
    var pool = Executors.newFixedThreadPool(8);
    try {
      var futures = new ArrayList<Future<String>>();
      for (int i = 0; i < 8; i++) {
        futures.add(pool.submit(() -> out(session, "sleep 0.3; echo done")));
      }
      for (var future : futures) {
        assertThat(future.get(60, TimeUnit.SECONDS)).isEqualTo("done\n");
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void whatTheLoginShellPrintsDoesNotCount() throws Exception {
    Path shell = directory.resolve("noisy");
    Files.writeString(
        shell, "#!/bin/sh\necho 'Welcome!'; printf 'no line end'\nexec /bin/sh \"$@\"\n");
    Machine.run("", "chmod", "755", shell.toString());
    OpenSsh noisy = server("ForceCommand " + shell + " -c \"$SSH_ORIGINAL_COMMAND\"");
    HostSession session = connect(noisy.root());
    assertThat(out(session, "echo only this")).isEqualTo("only this\n");
  }

  @Test
  void shellThatIsNoneIsExplained() throws Exception {
    OpenSsh closed = server("ForceCommand echo 'This account is closed' >&2; exit 1");
    HostSession session = connect(closed.root());
    SealerException failure =
        catchThrowableOfType(
            SealerException.class, () -> session.exec(HostCommand.of("echo x"), HostOutput.NONE));
    assertThat(failure.code()).isEqualTo(ErrorCode.HOST_UNAUTHORIZED);
    assertThat(failure.getMessage()).contains("This account is closed");
  }
}
