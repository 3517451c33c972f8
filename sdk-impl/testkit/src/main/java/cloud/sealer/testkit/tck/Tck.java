package cloud.sealer.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** What the compatibility kits have in common: failures, threads and interrupts. */
final class Tck {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Tck() {}

  static Digest sha256(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return Digest.sha256(HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The exception of a call that must fail, with one of the codes. */
  static SealerException failure(ThrowingCallable call, ErrorCode... codes) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).as("what the call throws").isInstanceOf(SealerException.class);
    SealerException failure = (SealerException) thrown;
    if (codes.length > 0) {
      assertThat(failure.code()).as("code of \"%s\"", failure.getMessage()).isIn((Object[]) codes);
    }
    assertThat(failure.getMessage()).as("message").isNotBlank();
    return failure;
  }

  /** Waits until something holds. */
  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain until " + what);
      }
      Thread.sleep(5);
    }
  }

  /** Does work in several threads at once; gives the results, or throws what one of them threw. */
  static <T> List<T> atOnce(int threads, Callable<T> work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        futures.add(pool.submit(work));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get(60, TimeUnit.SECONDS));
      }
      return results;
    } catch (ExecutionException e) {
      throw new AssertionError("a thread failed: " + e.getCause(), e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  /** Interrupts a call as soon as it is at work, and checks that it is cancelled at once. */
  static void interrupt(BooleanSupplier atWork, ThrowingCallable call) throws InterruptedException {
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>(false);
    Thread thread =
        new Thread(
            () -> {
              thrown.set(catchThrowable(call));
              flag.set(Thread.currentThread().isInterrupted());
            },
            "tck-interrupted");
    thread.setDaemon(true);
    thread.start();
    await("the call is at work", atWork);
    // Being at work is seen a little before the thread waits.
    Thread.sleep(50);
    thread.interrupt();
    thread.join(LIMIT.toMillis());
    assertThat(thread.isAlive()).as("the interrupted call is still at work").isFalse();
    assertCancelled(thrown.get());
    assertThat(flag.get()).as("interrupt flag after the call").isTrue();
  }

  /** Calls with the interrupt flag set, and checks that nothing else happens. */
  static void interruptedBefore(ThrowingCallable call) {
    Thread.currentThread().interrupt();
    Throwable thrown = catchThrowable(call);
    boolean flag = Thread.interrupted();
    assertCancelled(thrown);
    assertThat(flag).as("interrupt flag after the call").isTrue();
  }

  private static void assertCancelled(@Nullable Throwable thrown) {
    assertThat(thrown)
        .as("what the interrupted call throws")
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
  }
}
