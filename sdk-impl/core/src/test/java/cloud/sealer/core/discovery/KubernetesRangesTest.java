package cloud.sealer.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesRangesTest {
  @ParameterizedTest(name = "{0} and {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        ">=1.20; >=1.20; >=1.20",
        ">=1.20; >=1.21; >=1.20, >=1.21",
        "' >=1.20.0-0   <1.30.0-0 '; >=1.21; '>=1.20.0-0 <1.30.0-0, >=1.21'",
        ">=1.20,<1.30; <1.30; >=1.20, <1.30",
        ">=1.25; ~1.24 || >=1.26; >=1.25, ~1.24 || >=1.25, >=1.26",
        "a || b; c || d; a, c || a, d || b, c || b, d",
        "a || b; b || a; a || b",
        "a || b; a; a",
        "''; a; a"
      })
  void whatBothHaveIsWritten(String one, String other, String both) {
    assertThat(KubernetesRanges.join(List.of(one, other))).contains(both);
  }

  @Test
  void noRangeIsNone() {
    assertThat(KubernetesRanges.join(List.of())).isEmpty();
    assertThat(KubernetesRanges.join(List.of(" "))).isEmpty();
  }

  @Test
  void alternativesDoNotGrowWithoutEnd() {
    List<String> many = IntStream.range(0, 40).mapToObj(i -> "a" + i + " || b" + i).toList();
    assertThat(KubernetesRanges.join(many).orElseThrow().split("\\|\\|")).hasSize(256);
  }
}
