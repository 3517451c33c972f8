package cloud.sealer.core.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.testkit.RecordingTask;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransferAttemptsTest {
  private static final RegistryOptions OPTIONS =
      RegistryOptions.builder().attempts(3).retryDelay(Duration.ofSeconds(8)).build();

  private final List<Duration> slept = new ArrayList<>();
  private final RecordingTask task = new RecordingTask();
  private final TransferAttempts attempts = new TransferAttempts(OPTIONS, slept::add);

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  private boolean again() {
    return attempts.again(new IOException("cut"), "downloading", task);
  }

  @Test
  void waitsTwiceAsLongEachTimeAndThenGivesUp() {
    assertThat(again()).isTrue();
    assertThat(again()).isTrue();
    assertThat(again()).isFalse();

    assertThat(slept).hasSize(2);
    assertThat(slept.get(0)).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(10));
    assertThat(slept.get(1)).isBetween(Duration.ofSeconds(16), Duration.ofSeconds(20));
    assertThat(task.retries()).extracting(RecordingTask.Retry::attempt).containsExactly(1, 2);
    assertThat(attempts.failed()).isEqualTo(3);
  }

  @Test
  void onlyATryThatGotFurtherThanEverStartsTheCountAnew() {
    attempts.progressed(100);
    assertThat(again()).isTrue();
    assertThat(again()).isTrue();
    attempts.progressed(101);
    assertThat(again()).isTrue();
    assertThat(again()).isTrue();
    attempts.progressed(101);
    assertThat(again()).isFalse();
  }

  @Test
  void neverWaitsMuchLongerThanAMinute() {
    RegistryOptions patient =
        RegistryOptions.builder().attempts(99).retryDelay(Duration.ofSeconds(8)).build();
    TransferAttempts many = new TransferAttempts(patient, slept::add);
    for (int i = 0; i < 50; i++) {
      many.again(new IOException("cut"), "downloading", task);
    }
    assertThat(slept).hasSize(50).allMatch(wait -> wait.compareTo(Duration.ofSeconds(75)) <= 0);
  }

  @Test
  void anInterruptWhileWaitingCancelsAndKeepsTheFlag() {
    TransferAttempts interrupted =
        new TransferAttempts(
            OPTIONS,
            wait -> {
              throw new InterruptedException();
            });

    assertThatThrownBy(() -> interrupted.again(new IOException("cut"), "downloading", task))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }
}
