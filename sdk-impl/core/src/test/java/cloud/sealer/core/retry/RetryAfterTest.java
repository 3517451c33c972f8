package cloud.sealer.core.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2024-05-06T07:08:09Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | PT0S",
        "17 | PT17S",
        "999999 | PT277H46M39S",
        "Mon, 06 May 2024 07:08:39 GMT | PT30S",
        "Mon, 06 May 2024 07:00:00 GMT | PT0S",
        "Tue, 07 May 2024 07:08:39 GMT | PT24H30S"
      })
  void readsRetryAfter(String header, Duration wait) {
    assertThat(RetryAfter.parse(header, NOW)).contains(wait);
  }

  @Test
  void ignoresRetryAfterThatMeansNothing() {
    assertThat(RetryAfter.parse("soon", NOW)).isEmpty();
    assertThat(RetryAfter.parse("-3", NOW)).isEmpty();
    assertThat(RetryAfter.parse("", NOW)).isEmpty();
  }
}
