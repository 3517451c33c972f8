package cloud.sealer.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.RegistryClient.BlobStream;
import cloud.sealer.testkit.RecordingTask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An interrupt, or closing the client, ends whatever it waits for. */
@Timeout(60)
class CancellationIT {
  private static final Descriptor ENDLESS =
      new Descriptor(MediaType.OCI_LAYER, Samples.digest(new byte[0]), 1L << 40);

  private final RecordingTask task = new RecordingTask();
  private final CountDownLatch reached = new CountDownLatch(1);

  /** Where a request hangs. */
  enum Hang {
    ANSWER,
    BODY,
    UPLOAD,
    HANDSHAKE,
    DELAY
  }

  private void serve(ScriptedServer.Request request, ScriptedServer.Reply reply)
      throws IOException, InterruptedException {
    if (request.method().equals("POST")) {
      reply.send(202, Map.of("Location", "/upload"));
      return;
    }
    if (request.path().contains("/blobs/")) {
      reply.head(200, Map.of(), 1L << 40);
      reply.out().write(new byte[1000]);
      reply.out().flush();
    }
    if (request.path().contains("busy")) {
      reply.send(503, Map.of());
      return;
    }
    reached.countDown();
    Thread.sleep(60_000);
  }

  private void work(HttpRegistryClient client, String host, Hang hang) {
    Reference image = Samples.reference(host, "team/app:v1");
    try {
      switch (hang) {
        case ANSWER, HANDSHAKE -> client.manifest(image, task);
        case DELAY -> client.manifest(image.withTag("busy"), task);
        case UPLOAD -> client.putBlob(image, ENDLESS, CancellationIT::zeros, task);
        case BODY -> {
          try (BlobStream stream = client.blob(image, ENDLESS, 0, task)) {
            stream.body().readNBytes(2000);
          }
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static InputStream zeros() {
    byte[] piece = new byte[1 << 20];
    return new SequenceInputStream(
        Collections.enumeration(
            Stream.generate(() -> new ByteArrayInputStream(piece)).limit(500).toList()));
  }

  @ParameterizedTest
  @EnumSource(Hang.class)
  void anInterruptEndsIt(Hang hang) throws Exception {
    try (ScriptedServer server = new ScriptedServer(this::serve);
        HttpRegistryClient client =
            new HttpRegistryClient(
                (hang == Hang.HANDSHAKE ? RegistryOptions.builder() : Samples.plain(server.host()))
                    .readTimeout(Duration.ofMinutes(5))
                    .connectTimeout(Duration.ofMinutes(5))
                    .retryDelay(Duration.ofSeconds(50))
                    .build(),
                4,
                Samples.CLOCK,
                Sleeper.THREAD)) {
      CompletableFuture<SealerException> result = new CompletableFuture<>();
      Thread worker =
          new Thread(
              () -> {
                try {
                  work(client, server.host(), hang);
                  result.completeExceptionally(new AssertionError("it ended by itself"));
                } catch (SealerException e) {
                  assertThat(Thread.currentThread().isInterrupted()).isTrue();
                  result.complete(e);
                } catch (Throwable e) {
                  result.completeExceptionally(e);
                }
              });
      worker.start();
      if (hang == Hang.DELAY) {
        Thread.sleep(500);
      } else {
        assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
        Thread.sleep(300);
      }
      long start = System.nanoTime();
      worker.interrupt();
      SealerException e = result.get(20, TimeUnit.SECONDS);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
      assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
      assertThat(task.retries()).hasSize(hang == Hang.DELAY ? 1 : 0);
      worker.join(5000);
    }
  }

  @Test
  void closingEndsCallsAtWorkAndLeavesNoThread() throws Exception {
    try (ScriptedServer server = new ScriptedServer(this::serve)) {
      HttpRegistryClient client =
          Samples.client(Samples.plain(server.host()).readTimeout(Duration.ofMinutes(5)).build());
      CompletableFuture<ErrorCode> result =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  work(client, server.host(), Hang.UPLOAD);
                  return ErrorCode.INTERNAL;
                } catch (SealerException e) {
                  return e.code();
                }
              });
      assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
      Thread.sleep(300);
      client.close();
      assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo(ErrorCode.CANCELLED);
      for (int i = 0; i < 50 && watching(); i++) {
        Thread.sleep(100);
      }
      assertThat(watching()).isFalse();
    }
  }

  private static boolean watching() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("sealer-registry-uploads"));
  }
}
