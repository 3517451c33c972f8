package cloud.sealer.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.SecretProvider;
import cloud.sealer.sdk.SecretProvider.Kind;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Users who become root by sudo, with and without a password. */
@Tag("real")
class RealSudoIT extends OpenSshFixture {
  @Test
  void commandsAreRootAndTheirInputIsTheirOwn() throws Exception {
    OpenSsh server = server("PasswordAuthentication yes");
    TemporaryUser user = closing(new TemporaryUser("ALL=(ALL) ALL"));
    HostSession session = connect(server.host(password(user)));
    HostCommand command =
        HostCommand.builder("id -u; echo \"$A $HOME $SUDO_USER\"; cat")
            .environment("A", "it's")
            .stdin(() -> new ByteArrayInputStream("of the command\n".getBytes(UTF_8)))
            .build();
    assertThat(out(session, command))
        .isEqualTo("0\nit's /root " + user.name() + "\nof the command\n");
    assertThat(out(session, "cat; whoami")).isEqualTo("root\n");
    Path file = directory.resolve("of-root");
    session.upload(file.toString(), 0600, () -> new ByteArrayInputStream(new byte[3_000_000]));
    assertThat(Files.getOwner(file).getName()).isEqualTo("root");
    assertThat(Files.size(file)).isEqualTo(3_000_000);
    assertThat(session.facts().memory()).isPositive();
  }

  @Test
  void passwordIsNowhereToBeSeen() throws Exception {
    OpenSsh server = server("PasswordAuthentication yes", "LogLevel DEBUG3");
    TemporaryUser user = closing(new TemporaryUser("ALL=(ALL) ALL"));
    HostSession session = connect(server.host(password(user)));
    String look =
        "for each in /proc/[0-9]*/cmdline /proc/[0-9]*/environ; do tr '\\0' ' ' <$each; echo; done";
    HostCommand command = HostCommand.builder(look + " 2>/dev/null; env; set").build();
    String seen = out(session, command);
    assertThat(seen).contains("sudo", "SEALER_EXEC").doesNotContain(user.password());
    SealerException failure =
        catchThrowableOfType(
            SealerException.class,
            () ->
                session.exec(
                    HostCommand.builder("sleep 60").timeout(Duration.ofSeconds(1)).build(),
                    HostOutput.NONE));
    assertThat(failure.code()).isEqualTo(ErrorCode.COMMAND_TIMEOUT);
    assertThat(failure + failure.remedy() + failure.details()).doesNotContain(user.password());
    assertThat(task.notices() + "" + task.lines() + task.retries()).doesNotContain(user.password());
    assertThat(Files.readString(server.log())).doesNotContain(user.password());
    assertThat(session.host() + "" + session).doesNotContain(user.password());
    String grep = "grep -slF -e \"$P\" /tmp/.* /tmp/* /run/* /root/.* /etc/sudoers.d/*; :";
    assertThat(out(session, HostCommand.builder(grep).environment("P", user.password()).build()))
        .isEmpty();
  }

  @Test
  void sudoHasAPasswordOfItsOwn() throws Exception {
    OpenSsh server = server();
    TemporaryUser user = closing(new TemporaryUser("ALL=(ALL) ALL"));
    SecretProvider provider =
        (kind, host, name) ->
            kind == Kind.SUDO_PASSWORD ? Optional.of(Secret.of(user.password())) : Optional.empty();
    var options = user(user.name()).build().orElse(server.root().ssh());
    SshHostConnector.Builder builder = builder(HostKeyPolicy.acceptAll()).secrets(provider);
    assertThat(out(connect(builder, server.host(options)), "whoami")).isEqualTo("root\n");
  }

  @Test
  void everyRefusalIsExplained() throws Exception {
    OpenSsh server = server();
    TemporaryUser user = closing(new TemporaryUser("ALL=(ALL) ALL"));
    TemporaryUser nobody = closing(new TemporaryUser(""));
    var key = server.root().ssh();
    SealerException none =
        failure(
            builder(HostKeyPolicy.acceptAll()),
            server.host(user(user.name()).build().orElse(key)),
            ErrorCode.HOST_UNAUTHORIZED);
    assertThat(none.getMessage()).contains(user.name(), "sudo", "none is given");
    SealerException wrong =
        failure(
            builder(HostKeyPolicy.acceptAll()),
            server.host(user(user.name()).password(Secret.of("wrong-one")).build().orElse(key)),
            ErrorCode.HOST_UNAUTHORIZED);
    assertThat(wrong.getMessage()).contains(user.name(), "sudo").doesNotContain("wrong-one");
    SealerException forbidden =
        failure(
            builder(HostKeyPolicy.acceptAll()),
            server.host(password(nobody).orElse(key)),
            ErrorCode.HOST_UNAUTHORIZED);
    assertThat(forbidden.getMessage()).contains(nobody.name(), "sudoers");
  }

  @Test
  void treeComesBackThroughSudo() throws Exception {
    OpenSsh server = server();
    TemporaryUser user = closing(new TemporaryUser("ALL=(ALL) ALL"));
    HostSession session = connect(server.host(password(user).orElse(server.root().ssh())));
    Path secret = Files.createDirectory(directory.resolve("of-root"));
    Files.write(secret.resolve("file"), new byte[2_000_000]);
    out(session, "chmod 700 " + secret);
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    session.downloadTree(secret.toString(), in -> in.transferTo(tar));
    assertThat(tar.size()).isGreaterThan(2_000_000);
  }
}
