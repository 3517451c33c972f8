package cloud.sealer.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TransfersTest {
  private final Transfers transfers = new Transfers(3);

  @Test
  void keepsTheOrderOfTheItems() {
    List<Integer> items = IntStream.range(0, 50).boxed().toList();
    assertThat(transfers.map("counting", items, i -> i * 2))
        .isEqualTo(items.stream().map(i -> i * 2).toList());
  }

  @Test
  void worksOnNoMoreThanTheLimitAtOnce() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    transfers.each(
        "counting",
        IntStream.range(0, 60).boxed().toList(),
        i -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          Thread.onSpinWait();
          now.decrementAndGet();
        });
    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  void aFailureEndsTheRest() {
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch running = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                transfers.each(
                    "failing",
                    List.of("waits", "fails"),
                    item -> {
                      if (item.equals("waits")) {
                        running.countDown();
                        interrupted.set(!sleeps());
                      } else {
                        await(running);
                        throw SealerException.builder(ErrorCode.UNREACHABLE, "no").build();
                      }
                    }))
        .isInstanceOf(SealerException.class)
        .hasMessage("no");
    assertThat(interrupted).as("the other item was interrupted and had ended").isTrue();
  }

  @Test
  void anInterruptOfTheCallerCancels() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    AtomicBoolean cancelled = new AtomicBoolean();
    Thread caller =
        new Thread(
            () -> {
              try {
                transfers.each(
                    "waiting",
                    List.of(1),
                    i -> {
                      running.countDown();
                      sleeps();
                    });
              } catch (SealerException e) {
                cancelled.set(
                    e.code() == ErrorCode.CANCELLED && Thread.currentThread().isInterrupted());
              }
            });
    caller.start();
    running.await();
    caller.interrupt();
    caller.join();
    assertThat(cancelled).isTrue();
  }

  private static boolean sleeps() {
    try {
      Thread.sleep(60_000);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
