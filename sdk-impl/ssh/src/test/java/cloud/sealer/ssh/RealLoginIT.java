package cloud.sealer.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.SecretProvider;
import cloud.sealer.sdk.SshOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way to log in, against OpenSSH. */
@Tag("real")
class RealLoginIT extends OpenSshFixture {
  @ParameterizedTest(name = "{0} {1} as {2}, passphrase \"{3}\"")
  @CsvSource({
    "ed25519, 256, OpenSSH, ''",
    "ed25519, 256, OpenSSH, secret words",
    "rsa, 2048, OpenSSH, ''",
    "rsa, 3072, OpenSSH, secret words",
    "rsa, 2048, PEM, ''",
    "rsa, 2048, PEM, secret words",
    "rsa, 2048, PKCS8, ''",
    "rsa, 2048, PKCS8, secret words",
    "ecdsa, 256, OpenSSH, ''",
    "ecdsa, 384, OpenSSH, secret words",
    "ecdsa, 521, OpenSSH, ''",
    "ecdsa, 256, PEM, ''",
    "ecdsa, 256, PEM, secret words",
    "ecdsa, 521, PKCS8, ''",
    "ecdsa, 256, PKCS8, secret words"
  })
  void privateKeyLogsIn(String type, String bits, String format, String passphrase)
      throws Exception {
    OpenSsh server = server();
    Path key =
        format.equals("OpenSSH")
            ? server.key("k", "-t", type, "-b", bits, "-N", passphrase)
            : server.key("k", "-t", type, "-b", bits, "-m", format, "-N", passphrase);
    server.authorize(key.resolveSibling("k.pub"));
    Files.delete(key.resolveSibling("k.pub"));
    SshOptions.Builder options = SshOptions.builder().privateKey(key);
    if (!passphrase.isEmpty()) {
      options.passphrase(Secret.of(passphrase));
    }
    // The embedded host of another test may have registered it in this JVM already.
    Provider before = Security.getProvider("BC");
    assertThat(out(connect(server.host(options.build())), "id -un")).isEqualTo("root\n");
    assertThat(Security.getProvider("BC")).as("BouncyCastle in the JVM").isSameAs(before);
  }

  @Test
  void passphraseComesFromTheProvider() throws Exception {
    OpenSsh server = server();
    Path key = server.key("k", "-t", "ed25519", "-N", "secret words");
    server.authorize(key.resolveSibling("k.pub"));
    SecretProvider provider =
        (kind, host, user) ->
            kind == SecretProvider.Kind.SSH_KEY_PASSPHRASE && user.equals("root")
                ? Optional.of(Secret.of("secret words"))
                : Optional.empty();
    SshOptions options = SshOptions.builder().privateKey(key).build();
    SshHostConnector.Builder builder = builder(HostKeyPolicy.acceptAll());
    assertThat(out(connect(builder.secrets(provider), server.host(options)), "id -un"))
        .isEqualTo("root\n");
    SealerException none =
        failure(
            builder(HostKeyPolicy.acceptAll()), server.host(options), ErrorCode.HOST_UNAUTHORIZED);
    assertThat(none.getMessage()).contains(key.toString(), "passphrase");
    SshOptions wrong =
        SshOptions.builder().privateKey(key).passphrase(Secret.of("other words")).build();
    SealerException other =
        failure(
            builder(HostKeyPolicy.acceptAll()), server.host(wrong), ErrorCode.HOST_UNAUTHORIZED);
    assertThat(other.getMessage()).contains(key.toString(), "another passphrase");
    assertThat(other.toString()).doesNotContain("other words");
  }

  @Test
  void keyThatIsNoneIsNamed() throws Exception {
    OpenSsh server = server();
    Path file = Files.writeString(directory.resolve("no-key"), "hello\n");
    for (Path each : new Path[] {file, directory.resolve("missing")}) {
      SshOptions options = SshOptions.builder().privateKey(each).build();
      SealerException failure =
          failure(
              builder(HostKeyPolicy.acceptAll()),
              server.host(options),
              ErrorCode.HOST_UNAUTHORIZED);
      assertThat(failure.getMessage()).contains(each.toString(), server.address().toString());
    }
  }

  @Test
  void passwordLogsIn() throws Exception {
    OpenSsh server = server("PasswordAuthentication yes");
    TemporaryUser user = closing(new TemporaryUser("ALL=(ALL) NOPASSWD: ALL"));
    assertThat(out(connect(server.host(password(user))), "id -un; echo $SUDO_USER"))
        .isEqualTo("root\n" + user.name() + "\n");
  }

  @Test
  void keyboardInteractiveServerGetsThePassword() throws Exception {
    OpenSsh server = server("UsePAM yes", "KbdInteractiveAuthentication yes");
    TemporaryUser user = closing(new TemporaryUser("ALL=(ALL) NOPASSWD: ALL"));
    assertThat(out(connect(server.host(password(user))), "id -un")).isEqualTo("root\n");
    SshOptions wrong = user(user.name()).password(Secret.of("wrong-one")).build();
    SealerException failure =
        failure(
            builder(HostKeyPolicy.acceptAll()), server.host(wrong), ErrorCode.HOST_UNAUTHORIZED);
    assertThat(failure.getMessage()).contains(user.name(), "keyboard-interactive");
    assertThat(failure.toString()).doesNotContain("wrong-one");
  }

  @Test
  void serverThatWantsKeyAndPasswordGetsBoth() throws Exception {
    OpenSsh server =
        server("PasswordAuthentication yes", "AuthenticationMethods publickey,password");
    TemporaryUser user = closing(new TemporaryUser("ALL=(ALL) NOPASSWD: ALL"));
    SshOptions options = password(user).orElse(server.root().ssh());
    assertThat(out(connect(server.host(options)), "id -un")).isEqualTo("root\n");
  }

  @ParameterizedTest
  @CsvSource({"ed25519, 256", "rsa, 2048", "ecdsa, 256"})
  void keyOfTheAgentLogsIn(String type, String bits) throws Exception {
    OpenSsh server = server();
    Agent agent = closing(new Agent(directory));
    agent.add(server.key("other", "-t", "ed25519", "-N", ""));
    Path key = server.key("k", "-t", type, "-b", bits, "-N", "");
    server.authorize(key.resolveSibling("k.pub"));
    agent.add(key);
    Files.delete(key);
    SshHostConnector.Builder builder = builder(HostKeyPolicy.acceptAll()).agent(agent.socket());
    assertThat(out(connect(builder, server.host(SshOptions.NONE)), "id -un")).isEqualTo("root\n");
    SshOptions chosen = SshOptions.builder().privateKey(key.resolveSibling("k.pub")).build();
    assertThat(out(connect(builder, server.host(chosen)), "id -un")).isEqualTo("root\n");
    SshOptions other = SshOptions.builder().privateKey(key.resolveSibling("other.pub")).build();
    failure(builder, server.host(other), ErrorCode.HOST_UNAUTHORIZED);
  }

  @Test
  void agentThatIsNotThereIsTold() throws Exception {
    OpenSsh server = server();
    SealerException failure =
        failure(
            builder(HostKeyPolicy.acceptAll()).agent(directory.resolve("no-socket")),
            server.host(SshOptions.NONE),
            ErrorCode.HOST_UNAUTHORIZED);
    assertThat(failure.getMessage()).contains("agent");
  }

  @Test
  void refusalTellsWhatWasTriedAndWhatTheServerTakes() throws Exception {
    OpenSsh server = server();
    Path key = server.key("k", "-t", "ed25519", "-N", "");
    SealerException failure =
        failure(
            builder(HostKeyPolicy.acceptAll()),
            server.host(user("nobody").privateKey(key).build()),
            ErrorCode.HOST_UNAUTHORIZED);
    assertThat(failure.getMessage())
        .contains("nobody", key.toString(), "publickey", server.address().toString());
  }
}
