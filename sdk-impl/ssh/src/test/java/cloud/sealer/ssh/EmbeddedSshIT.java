package cloud.sealer.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.SshOptions;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.testkit.EmbeddedSshHost;
import cloud.sealer.testkit.RecordingTask;
import cloud.sealer.testkit.SealerTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the embedded host does to connections, and what becomes of them. */
@SealerTest
class EmbeddedSshIT {
  private final RecordingTask task = new RecordingTask();

  private static SshHostConnector connector(HostKeyPolicy policy) {
    return SshHostConnector.builder(policy).attempts(1, Duration.ofMillis(10)).build();
  }

  private SealerException failure(SshHostConnector connector, EmbeddedSshHost ssh) {
    return catchThrowableOfType(
        SealerException.class, () -> connector.connect(ssh.host(), task).close());
  }

  @Test
  void changedKeyIsRefusedWithBothFingerprints(EmbeddedSshHost ssh, @TempDir Path directory) {
    Path known = directory.resolve("known_hosts");
    SshHostConnector connector = connector(HostKeyPolicy.acceptNew(known));
    connector.connect(ssh.host(), task).close();
    assertThat(task.notices()).singleElement().asString().contains(ssh.fingerprint());
    String before = ssh.fingerprint();
    ssh.changeHostKey();
    SealerException failure = failure(connector, ssh);
    assertThat(failure.code()).isEqualTo(ErrorCode.HOST_KEY_REJECTED);
    assertThat(failure.getMessage()).contains(before, ssh.fingerprint());
  }

  @Test
  void unknownKeyIsAskedForOnceAndKept(EmbeddedSshHost ssh, @TempDir Path directory) {
    Path known = directory.resolve("known_hosts");
    List<String> asked = new ArrayList<>();
    SshHostConnector refusing =
        connector(
            HostKeyPolicy.ask(
                known,
                (host, key) -> {
                  asked.add(host + " " + key);
                  return asked.size() > 1;
                }));

    SealerException failure = failure(refusing, ssh);
    assertThat(failure.code()).isEqualTo(ErrorCode.HOST_KEY_REJECTED);
    assertThat(failure.getMessage()).contains(ssh.fingerprint(), "was not accepted");
    assertThat(known).doesNotExist();

    refusing.connect(ssh.host(), task).close();
    refusing.connect(ssh.host(), task).close();

    assertThat(asked)
        .hasSize(2)
        .allSatisfy(each -> assertThat(each).contains("127.0.0.1", ssh.fingerprint()));
    assertThat(known).content().contains("127.0.0.1");
    ssh.changeHostKey();
    assertThat(failure(refusing, ssh).getMessage()).contains("but known is");
    assertThat(asked).hasSize(2);
  }

  @Test
  @Timeout(20)
  void aServerThatNeverSaysWhoItIsIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        SshHostConnector connector =
            SshHostConnector.builder(HostKeyPolicy.acceptAll())
                .attempts(1, Duration.ofMillis(10))
                .connectTimeout(Duration.ofMillis(500))
                .build()) {
      Host host =
          new Host(
              HostAddress.parse("127.0.0.1:" + silent.getLocalPort()),
              Set.of(Host.CONTROL_PLANE),
              SshOptions.builder().password(Secret.of("x")).build(),
              Map.of());
      SealerException failure =
          catchThrowableOfType(SealerException.class, () -> connector.connect(host, task).close());
      assertThat(failure.code()).isEqualTo(ErrorCode.HOST_UNREACHABLE);
    }
  }

  @Test
  void refusedLoginIsTold(EmbeddedSshHost ssh) {
    SshHostConnector connector = connector(HostKeyPolicy.acceptAll());
    ssh.refuseLogins(true);
    assertThat(failure(connector, ssh).code()).isEqualTo(ErrorCode.HOST_UNAUTHORIZED);
    ssh.refuseLogins(false);
    connector.connect(ssh.host(), task).close();
  }

  @Test
  void cutConnectionFailsTheCallAndTheNextOneWorks(EmbeddedSshHost ssh, @TempDir Path directory)
      throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "old");
    byte[] content = new byte[3_000_000];
    SshHostConnector connector = connector(HostKeyPolicy.acceptAll());
    try (HostSession session = connector.connect(ssh.host(), task)) {
      ssh.link().cutAfter(1_000_000);
      SealerException failure =
          catchThrowableOfType(
              SealerException.class,
              () -> session.upload(file.toString(), 0644, () -> new ByteArrayInputStream(content)));
      assertThat(failure.code()).isEqualTo(ErrorCode.HOST_UNREACHABLE);
      assertThat(Files.readString(file)).isEqualTo("old");
      session.upload(file.toString(), 0644, () -> new ByteArrayInputStream(content));
      assertThat(Files.size(file)).isEqualTo(content.length);
      assertThat(session.exec(HostCommand.of("exit 4"), HostOutput.NONE).status()).isEqualTo(4);
    }
  }

  @Test
  void aHostIsReachedByItsIpv6AddressAndPort(@TempDir Path directory) throws Exception {
    assumeThat(hasIpv6Loopback()).as("this machine has the address ::1").isTrue();
    Path knownHosts = directory.resolve("known_hosts");
    try (EmbeddedSshHost ssh = EmbeddedSshHost.start("::1", UnaryOperator.identity())) {
      Host host = ssh.host();
      assertThat(host.address())
          .isEqualTo(HostAddress.parse("[::1]:" + ssh.link().port()))
          .hasToString("[::1]:" + ssh.link().port());
      for (int i = 0; i < 2; i++) {
        try (HostSession session =
            connector(HostKeyPolicy.acceptNew(knownHosts)).connect(host, task)) {
          assertThat(session.exec(HostCommand.of("exit 7"), HostOutput.NONE).status()).isEqualTo(7);
          assertThat(session.facts().kernel()).isNotEmpty();
        }
      }
      assertThat(ssh.link().connections()).isEqualTo(2);
      assertThat(knownHosts)
          .content()
          .startsWith("[::1]:" + ssh.link().port() + " ")
          .hasLineCount(1);
      ssh.changeHostKey();
      assertThat(failure(connector(HostKeyPolicy.acceptNew(knownHosts)), ssh).code())
          .isEqualTo(ErrorCode.HOST_KEY_REJECTED);
    }
  }

  private static boolean hasIpv6Loopback() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
