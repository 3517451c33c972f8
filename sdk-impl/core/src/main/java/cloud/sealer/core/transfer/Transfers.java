package cloud.sealer.core.transfer;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Does the same work on many items with a limited number of threads. The first failure, or an
 * interrupt of the caller, ends the rest; the call returns only when every thread has ended.
 */
public final class Transfers {
  private static final long END_SECONDS = 60;

  private final int concurrency;

  /** Allows that many pieces of work at a time. */
  public Transfers(int concurrency) {
    this.concurrency = concurrency;
  }

  /** Does the work on each item. */
  public <T> void each(String what, Collection<T> items, Consumer<? super T> work) {
    map(
        what,
        items,
        item -> {
          work.accept(item);
          return true;
        });
  }

  /** Does the work on each item and returns the results in the order of the items. */
  public <T, R> List<R> map(String what, Collection<T> items, Function<? super T, R> work) {
    if (items.isEmpty()) {
      return List.of();
    }
    AtomicInteger number = new AtomicInteger();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(concurrency, items.size()),
            task -> {
              Thread thread = new Thread(task, "sealer-transfer-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    boolean complete = false;
    try {
      List<R> results = await(what, items, work, threads);
      complete = true;
      return results;
    } finally {
      end(threads, complete);
    }
  }

  /** Waits for all, but fails as soon as any of them does. */
  private static <T, R> List<R> await(
      String what, Collection<T> items, Function<? super T, R> work, ExecutorService threads) {
    CompletionService<R> completed = new ExecutorCompletionService<>(threads);
    List<Future<R>> futures = new ArrayList<>();
    items.forEach(item -> futures.add(completed.submit(() -> work.apply(item))));
    List<R> results = new ArrayList<>();
    try {
      for (int i = 0; i < futures.size(); i++) {
        completed.take().get();
      }
      for (Future<R> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      throw SealerException.cancelled(what);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw failure(what, cause == null ? e : cause);
    }
  }

  private static RuntimeException failure(String what, Throwable cause) {
    if (cause instanceof SealerException failure) {
      return failure;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return SealerException.builder(ErrorCode.INTERNAL, what + " failed: " + cause)
        .cause(cause)
        .build();
  }

  private static void end(ExecutorService threads, boolean complete) {
    if (complete) {
      threads.shutdown();
    } else {
      threads.shutdownNow();
    }
    boolean interrupted = Thread.interrupted();
    try {
      threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
