package cloud.sealer.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {
  @ParameterizedTest
  @CsvSource({
    "linux/amd64, linux/amd64",
    "Linux/X86_64, linux/amd64",
    "linux/x86-64, linux/amd64",
    "linux/amd64/v1, linux/amd64",
    "linux/amd64/v3, linux/amd64/v3",
    "linux/aarch64, linux/arm64",
    "linux/arm64/v8, linux/arm64",
    "linux/arm64/8, linux/arm64",
    "linux/arm64/v9, linux/arm64/v9",
    "linux/arm, linux/arm/v7",
    "linux/arm/7, linux/arm/v7",
    "linux/arm/V6, linux/arm/v6",
    "linux/armhf, linux/arm/v7",
    "linux/armel, linux/arm/v6",
    "linux/i686, linux/386",
    "windows/amd64, windows/amd64",
    "linux/s390x, linux/s390x"
  })
  void normalisesSpellings(String text, String normal) {
    assertThat(Platform.parse(text)).hasToString(normal).isEqualTo(Platform.parse(normal));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "linux",
        "/",
        "linux/",
        "/amd64",
        "linux/amd64/",
        "a/b/c/d",
        "linux/amd 64",
        "linux/arm/v 7",
        "linux/ä",
        "linux/arm/$v"
      })
  void refusesOthers(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Platform.parse(text));
  }

  @Test
  void ordersByText() {
    assertThat(Platform.LINUX_AMD64)
        .isLessThan(Platform.LINUX_ARM64)
        .isEqualTo(Platform.parse("linux/amd64"));
  }
}
