package cloud.sealer.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.sealer.sdk.HostFacts.FileSystem;
import cloud.sealer.sdk.spi.HostCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostTest {
  @Test
  void portOfTheAddressCountsMoreThanThatOfTheOptions() {
    SshOptions options = SshOptions.builder().port(2222).build();
    HostAddress plain = HostAddress.parse("10.0.0.1");
    assertThat(Host.at(plain).port()).isEqualTo(22);
    assertThat(new Host(plain, Set.of(), options, Map.of()).port()).isEqualTo(2222);
    HostAddress own = HostAddress.parse("10.0.0.1:2200");
    assertThat(new Host(own, Set.of(), options, Map.of()).port()).isEqualTo(2200);
  }

  @Test
  void optionsAreFilledFromTheDefaults() {
    SshOptions own = SshOptions.builder().user("debian").password(Secret.of("a")).build();
    SshOptions cluster =
        SshOptions.builder()
            .user("root")
            .port(2222)
            .password(Secret.of("b"))
            .privateKey(Path.of("key"))
            .passphrase(Secret.of("c"))
            .build();
    SshOptions merged = own.orElse(cluster);
    assertThat(merged.user()).contains("debian");
    assertThat(merged.port()).isEqualTo(2222);
    assertThat(merged.password()).contains(Secret.of("a"));
    assertThat(merged.privateKey()).contains(Path.of("key"));
    assertThat(merged.passphrase()).contains(Secret.of("c"));
    assertThat(SshOptions.NONE.orElse(cluster)).isEqualTo(cluster).hasSameHashCodeAs(cluster);
  }

  @Test
  void secretsAreNotShown() {
    SshOptions options =
        SshOptions.builder().password(Secret.of("hidden")).passphrase(Secret.of("hidden")).build();
    Host host = new Host(HostAddress.parse("a"), Set.of(), options, Map.of());
    HostCommand command =
        HostCommand.builder("echo hidden").title("greet").environment("A", "hidden").build();
    assertThat(Secret.of("hidden") + " " + host + options + command).doesNotContain("hidden");
  }

  @Test
  void commandsAreChecked() {
    HostCommand.Builder builder = HostCommand.builder("true");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.directory("relative"));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.environment("A-B", ""));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.environment("A", "\0"));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.timeout(Duration.ZERO));
    assertThat(HostCommand.of("id -u")).hasToString("id -u");
  }

  @Test
  void pathIsOnTheFileSystemWithTheLongestMountPoint() {
    List<FileSystem> mounted =
        List.of(
            new FileSystem("/var", "b", 2, 2),
            new FileSystem("/", "a", 1, 1),
            new FileSystem("/var/lib", "c", 3, 3));
    HostFacts facts =
        new HostFacts(
            "",
            "",
            Platform.parse("linux/amd64"),
            "",
            "",
            "",
            1,
            1,
            0,
            Duration.ZERO,
            List.of(),
            mounted,
            List.of(),
            List.of(),
            List.of());
    assertThat(facts.fileSystem("/var/lib/x").device()).isEqualTo("c");
    assertThat(facts.fileSystem("/var/library").device()).isEqualTo("b");
    assertThat(facts.fileSystem("/variable").device()).isEqualTo("a");
    assertThat(facts.fileSystem("/").device()).isEqualTo("a");
  }
}
