package cloud.sealer.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.SealerException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunFailureTest {
  private static SealerException failure(int status, String... lines) {
    OutputTail tail = new OutputTail();
    for (String line : lines) {
      tail.add(line);
    }
    return RunFailure.of("helm version", status, tail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "127 | /bin/sh: 1: helm: not found",
        "127 | /bin/sh: line 1: helm: command not found",
        "127 | sh: helm: not found",
        "127 | env: ‘helm’: No such file or directory",
        "127 | env: 'helm': No such file or directory",
        "1   | /bin/sh: 12: helm: not found"
      })
  void missingProgramIsRecognised(int status, String line) {
    assertThat(failure(status, line).remedy()).startsWith("\"helm\" is neither").contains("COPY");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"1 | Error: release: not found", "2 | cat: helm: No such file or directory"})
  void otherMissingThingsAreNot(int status, String line) {
    assertThat(failure(status, line).remedy()).isEmpty();
  }

  @Test
  void statusAloneIsEnoughForARemedy() {
    assertThat(failure(127).remedy()).contains("COPY");
    assertThat(failure(127))
        .hasMessage("\"RUN helm version\" failed with status 127; it printed nothing");
  }

  @Test
  void messagesAreBounded() {
    String[] lines = new String[1000];
    Arrays.fill(lines, "x".repeat(100_000));
    assertThat(failure(1, lines).getMessage()).hasSizeLessThan(12_000);
    assertThat(RunFailure.title("y".repeat(1000))).hasSizeLessThan(130).endsWith("…");
    assertThat(RunFailure.title("\nfirst\nsecond\n")).isEqualTo("RUN first…");
  }
}
