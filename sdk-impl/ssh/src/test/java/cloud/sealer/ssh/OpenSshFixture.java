package cloud.sealer.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.SshOptions;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.testkit.RecordingTask;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Starts what tests against OpenSSH need, and ends it. */
abstract class OpenSshFixture {
  final RecordingTask task = new RecordingTask();
  private final List<AutoCloseable> open = new ArrayList<>();

  @TempDir Path directory;

  @BeforeEach
  void require() {
    Machine.require("sshd", "ssh-keygen", "ssh-agent", "sudo", "useradd");
  }

  @AfterEach
  void end() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  <T extends AutoCloseable> T closing(T resource) {
    open.add(resource);
    return resource;
  }

  OpenSsh server(String... settings) throws Exception {
    return closing(OpenSsh.start(directory, settings));
  }

  static SshHostConnector.Builder builder(HostKeyPolicy policy) {
    return SshHostConnector.builder(policy)
        .attempts(1, Duration.ofMillis(10))
        .connectTimeout(Duration.ofSeconds(20));
  }

  HostSession connect(SshHostConnector.Builder builder, Host host) {
    return closing(closing(builder.build()).connect(host, task));
  }

  HostSession connect(Host host) {
    return connect(builder(HostKeyPolicy.acceptAll()), host);
  }

  SealerException failure(SshHostConnector.Builder builder, Host host, ErrorCode code) {
    SealerException failure =
        catchThrowableOfType(SealerException.class, () -> connect(builder, host));
    assertThat(failure).as("what connecting throws").isNotNull();
    assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
    assertThat(failure.remedy()).isNotBlank();
    return failure;
  }

  static SshOptions.Builder user(String name) {
    return SshOptions.builder().user(name);
  }

  static SshOptions password(TemporaryUser user) {
    return user(user.name()).password(Secret.of(user.password())).build();
  }

  /** What a command that must succeed prints to both streams. */
  static String out(HostSession session, HostCommand command) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    HostOutput output =
        new HostOutput() {
          @Override
          public void stdout(byte[] bytes, int offset, int length) {
            synchronized (all) {
              all.write(bytes, offset, length);
            }
          }

          @Override
          public void stderr(byte[] bytes, int offset, int length) {
            stdout(bytes, offset, length);
          }
        };
    assertThat(session.exec(command, output).ok()).as(all.toString(UTF_8)).isTrue();
    return all.toString(UTF_8);
  }

  static String out(HostSession session, String command) {
    return out(session, HostCommand.of(command));
  }
}
