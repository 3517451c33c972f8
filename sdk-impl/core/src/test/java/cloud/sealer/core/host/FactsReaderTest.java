package cloud.sealer.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.sealer.sdk.HostFacts;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FactsReaderTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static HostFacts facts(String text) {
    return new FactsReader(text).facts(NOON, NOON.plusSeconds(2));
  }

  @Test
  void everyFactIsRead() {
    HostFacts facts =
        facts(
            """
            some banner without an equals sign
            time=1767268906.250000000
            hostname=node-1
            machine-id=0123
            os=Linux
            arch=aarch64
            kernel=6.1.0
            distribution=debian
            distribution-version=12
            processors=4
            memory=2048
            swap=1024
            address=127.0.0.1
            address=::1
            address=10.0.0.1
            address=fd00::1
            address=10.0.0.1
            filesystem=/dev/sda1 1000 400 600 40% /
            filesystem=my disk 1000 400 500 40% /mnt/with space
            filesystem=none 0 0 0 - /proc
            filesystem=nonsense
            listening=1F90
            listening=0016
            listening=0016
            listening=zz
            runtime=docker 20.10.24
            kubernetes=kubelet v1.20.2
            end=1
            """);
    assertThat(facts.hostname()).isEqualTo("node-1");
    assertThat(facts.machineId()).isEqualTo("0123");
    assertThat(facts.platform()).hasToString("linux/arm64");
    assertThat(facts.distribution() + facts.distributionVersion()).isEqualTo("debian12");
    assertThat(facts.processors()).isEqualTo(4);
    assertThat(facts.memory()).isEqualTo(2048 * 1024);
    assertThat(facts.swap()).isEqualTo(1024 * 1024);
    assertThat(facts.clockOffset()).isEqualTo(Duration.ofMillis(105_250));
    assertThat(facts.addresses()).containsExactly("10.0.0.1", "fd00::1");
    assertThat(facts.fileSystems())
        .containsExactly(
            new HostFacts.FileSystem("/", "/dev/sda1", 1_024_000, 614_400),
            new HostFacts.FileSystem("/mnt/with space", "my disk", 1_024_000, 512_000));
    assertThat(facts.listening()).containsExactly(22, 8080);
    assertThat(facts.runtimes()).containsExactly("docker 20.10.24");
    assertThat(facts.kubernetes()).containsExactly("kubelet v1.20.2");
  }

  @Test
  void factsThatAreMissingAreEmpty() {
    HostFacts facts = facts("os=Linux\narch=x86_64\ntime=1767268801.%N\nmemory=much\n");
    assertThat(facts.platform()).hasToString("linux/amd64");
    assertThat(facts.memory()).isZero();
    assertThat(facts.distribution()).isEmpty();
    assertThat(facts.clockOffset()).isEqualTo(Duration.ofMillis(500));
    assertThat(facts.fileSystems()).isEmpty();
  }

  @Test
  void hostWithoutAPlatformIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> facts("hostname=x"));
  }
}
