package cloud.sealer.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SealerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of hosts and jump hosts, against OpenSSH. */
@Tag("real")
class RealTrustIT extends OpenSshFixture {
  private Path knownHosts() {
    return directory.resolve("known_hosts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
  void knownKeyIsAcceptedAndUnknownIsNot(String type) throws Exception {
    OpenSsh server = server();
    server.hostKey(type);
    server.restart();
    HostKeyPolicy policy = HostKeyPolicy.knownHosts(knownHosts());
    SealerException unknown = failure(builder(policy), server.root(), ErrorCode.HOST_KEY_REJECTED);
    assertThat(unknown.getMessage())
        .contains(server.fingerprint(), server.address().toString(), "not known");
    assertThat(Files.readString(server.log())).doesNotContain("Accepted", "Failed");
    Files.writeString(knownHosts(), server.knownHostsLine());
    assertThat(out(connect(builder(policy), server.root()), "echo in")).isEqualTo("in\n");
    Machine.run("", "ssh-keygen", "-q", "-H", "-f", knownHosts().toString());
    assertThat(Files.readString(knownHosts())).doesNotContain("127.0.0.1");
    assertThat(out(connect(builder(policy), server.root()), "echo in")).isEqualTo("in\n");
  }

  @Test
  void changedKeyIsRefusedWithBothFingerprintsAndNothingIsSent() throws Exception {
    OpenSsh server = server("PasswordAuthentication yes", "LogLevel DEBUG1");
    Files.writeString(knownHosts(), server.knownHostsLine());
    String before = server.fingerprint();
    server.hostKey("ed25519");
    server.restart();
    String log = Files.readString(server.log());
    for (HostKeyPolicy policy :
        new HostKeyPolicy[] {
          HostKeyPolicy.knownHosts(knownHosts()), HostKeyPolicy.acceptNew(knownHosts())
        }) {
      SealerException failure =
          failure(builder(policy), server.root(), ErrorCode.HOST_KEY_REJECTED);
      assertThat(failure.getMessage()).contains(before, server.fingerprint());
      assertThat(failure.remedy()).contains("ssh-keygen -R");
    }
    assertThat(Files.readString(server.log()).substring(log.length()))
        .doesNotContain("userauth-request");
  }

  @Test
  void newKeyIsRecordedOnceAndThenRequired() throws Exception {
    OpenSsh server = server();
    Files.writeString(knownHosts(), "# no line end");
    HostKeyPolicy policy = HostKeyPolicy.acceptNew(knownHosts());
    connect(builder(policy), server.root());
    connect(builder(policy), server.root());
    assertThat(Files.readString(knownHosts()))
        .isEqualTo("# no line end\n" + server.knownHostsLine());
    assertThat(task.notices()).singleElement().asString().contains(server.fingerprint());
    connect(builder(HostKeyPolicy.knownHosts(knownHosts())), server.root());
  }

  @Test
  void pinnedKeyIsRequired() throws Exception {
    OpenSsh server = server();
    HostAddress anyPort = new HostAddress("127.0.0.1", 0);
    connect(
        builder(HostKeyPolicy.pinned(Map.of(anyPort, Set.of(server.fingerprint())))),
        server.root());
    SealerException failure =
        failure(
            builder(HostKeyPolicy.pinned(Map.of(server.address(), Set.of("SHA256:other")))),
            server.root(),
            ErrorCode.HOST_KEY_REJECTED);
    assertThat(failure.getMessage()).contains(server.fingerprint(), "SHA256:other");
    failure(builder(HostKeyPolicy.pinned(Map.of())), server.root(), ErrorCode.HOST_KEY_REJECTED);
  }

  @Test
  void revokedKeyIsRefused() throws Exception {
    OpenSsh server = server();
    Files.writeString(knownHosts(), "@revoked " + server.knownHostsLine());
    for (HostKeyPolicy policy :
        new HostKeyPolicy[] {
          HostKeyPolicy.knownHosts(knownHosts()), HostKeyPolicy.acceptNew(knownHosts())
        }) {
      failure(builder(policy), server.root(), ErrorCode.HOST_KEY_REJECTED);
    }
  }

  @Test
  void keysOfJumpHostsAndTargetAreRecordedUnderTheirOwnNames() throws Exception {
    OpenSsh first = server();
    OpenSsh second = server();
    OpenSsh target = server();
    SshHostConnector.Builder builder =
        builder(HostKeyPolicy.acceptNew(knownHosts())).jump(first.root()).jump(second.root());
    SshHostConnector connector = closing(builder.build());
    for (int i = 0; i < 2; i++) {
      try (var session = connector.connect(target.root(), task)) {
        assertThat(out(session, "echo $SSH_CONNECTION")).contains(" " + target.port());
      }
    }
    assertThat(Files.readString(knownHosts()))
        .isEqualTo(first.knownHostsLine() + second.knownHostsLine() + target.knownHostsLine());
    String accepted = "Accepted publickey";
    assertThat(Files.readString(first.log()).split(accepted, -1)).as("logins").hasSize(2);
  }

  @Test
  void changedKeyBehindAJumpHostIsRefused() throws Exception {
    OpenSsh jump = server();
    OpenSsh target = server();
    Files.writeString(knownHosts(), jump.knownHostsLine() + target.knownHostsLine());
    target.hostKey("ed25519");
    target.restart();
    SealerException failure =
        failure(
            builder(HostKeyPolicy.knownHosts(knownHosts())).jump(jump.root()),
            target.root(),
            ErrorCode.HOST_KEY_REJECTED);
    assertThat(failure.getMessage()).contains(target.address().toString(), target.fingerprint());
  }

  @Test
  void hostThatAJumpHostDoesNotReachIsTold() throws Exception {
    OpenSsh jump = server();
    OpenSsh gone = server();
    Host target = gone.root();
    gone.stop();
    SealerException failure =
        failure(
            builder(HostKeyPolicy.acceptAll()).jump(jump.root()),
            target,
            ErrorCode.HOST_UNREACHABLE);
    assertThat(failure.getMessage()).contains(target.address().toString());
    assertThat(failure.retryable()).isTrue();
  }
}
