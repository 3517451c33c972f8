package cloud.sealer.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestTest {
  private static final String HEX = "0123456789abcdef".repeat(4);

  @Test
  void readsWhatItWrites() {
    Digest digest = Digest.parse("sha256:" + HEX);
    assertThat(digest).isEqualTo(Digest.sha256(HEX)).hasToString("sha256:" + HEX);
    assertThat(Digest.parse("sha512:" + HEX + HEX).hex()).hasSize(128);
  }

  @ParameterizedTest
  @CsvSource({
    "'', must be algorithm:hex",
    "sha256, must be algorithm:hex",
    "md5:00, must be sha256 or sha512",
    "SHA256:00, must be sha256 or sha512",
    "sha256:, needs 64",
    "sha256:00, needs 64",
    "sha256:0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF, lower-case",
    "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg, hexadecimal",
    "sha512:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, needs 128"
  })
  void refusesOthers(String text, String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Digest.parse(text))
        .withMessageContaining(reason);
  }

  @Test
  void ordersByAlgorithmThenValue() {
    Digest low = Digest.sha256("0".repeat(64));
    Digest high = Digest.sha256("f".repeat(64));
    Digest other = new Digest("sha512", "0".repeat(128));
    assertThat(low).isLessThan(high).isEqualByComparingTo(Digest.sha256("0".repeat(64)));
    assertThat(high).isLessThan(other);
  }
}
