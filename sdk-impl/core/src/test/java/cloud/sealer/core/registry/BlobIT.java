package cloud.sealer.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.RegistryClient.BlobStream;
import cloud.sealer.testkit.RecordingTask;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blobs, and what registries and networks do wrong when they are read. */
@Timeout(60)
class BlobIT {
  private static final byte[] BLOB = Samples.bytes(1, 300_000);
  private static final Descriptor DESCRIPTOR = Samples.blob(BLOB);

  private final RecordingTask task = new RecordingTask();

  private static HttpRegistryClient client(ScriptedServer server) {
    return Samples.client(Samples.plain(server.host()).build());
  }

  private static Reference image(ScriptedServer server) {
    return Samples.reference(server.host(), "team/app:v1");
  }

  private byte[] blob(HttpRegistryClient client, Reference image, long offset) throws IOException {
    try (BlobStream stream = client.blob(image, DESCRIPTOR, offset, task)) {
      return stream.body().readAllBytes();
    }
  }

  @Test
  void continuesABlobWhereAskedAndSaysWhereItBroke() throws IOException {
    try (ScriptedServer server =
            new ScriptedServer(
                (request, reply) -> {
                  if (request.header("range").isEmpty()) {
                    reply.head(200, Map.of(), BLOB.length);
                    reply.out().write(BLOB, 0, 100_000);
                    reply.cut();
                  } else {
                    int from = Integer.parseInt(request.header("range").replaceAll("\\D", ""));
                    reply.send(
                        206,
                        Map.of("Content-Range", "bytes " + from + "-299999/300000"),
                        Arrays.copyOfRange(BLOB, from, BLOB.length));
                  }
                });
        HttpRegistryClient client = client(server)) {
      assertThatThrownBy(() -> blob(client, image(server), 0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("byte 100000");
      try (BlobStream rest = client.blob(image(server), DESCRIPTOR, 100_000, task)) {
        assertThat(rest.offset()).isEqualTo(100_000);
        assertThat(rest.body().readAllBytes())
            .isEqualTo(Arrays.copyOfRange(BLOB, 100_000, BLOB.length));
      }
    }
  }

  @Test
  void startsAnewWhereRangesAreUnknownOrImpossible() throws IOException {
    try (ScriptedServer server =
            new ScriptedServer(
                (request, reply) -> {
                  boolean impossible = request.header("range").equals("bytes=200-");
                  reply.send(impossible ? 416 : 200, Map.of(), impossible ? new byte[9] : BLOB);
                });
        HttpRegistryClient client = client(server)) {
      for (long offset : List.of(100L, 200L)) {
        try (BlobStream stream = client.blob(image(server), DESCRIPTOR, offset, task)) {
          assertThat(stream.offset()).isZero();
          assertThat(stream.body().readAllBytes()).isEqualTo(BLOB);
        }
      }
      assertThat(server.requests.get(2).headers()).doesNotContainKey("range");
    }
  }

  @Test
  void refusesAnotherRangeAndAnotherSize() throws IOException {
    try (ScriptedServer server =
            new ScriptedServer(
                (request, reply) -> {
                  switch (request.header("range")) {
                    case "bytes=1-" ->
                        reply.send(206, Map.of("Content-Range", "bytes 0-299999/300000"), BLOB);
                    case "bytes=2-" -> reply.send(206, Map.of(), BLOB);
                    case "bytes=3-" ->
                        reply.send(206, Map.of("Content-Range", "bytes 3-9/10"), new byte[7]);
                    case "bytes=4-" -> reply.send(200, Map.of(), new byte[300_001]);
                    default -> reply.send(200, Map.of("Content-Encoding", "gzip"), BLOB);
                  }
                });
        HttpRegistryClient client = client(server)) {
      for (long offset = 1; offset <= 5; offset++) {
        long from = offset;
        assertThatThrownBy(() -> client.blob(image(server), DESCRIPTOR, from, task))
            .isInstanceOfSatisfying(
                SealerException.class, e -> assertThat(e.retryable()).isFalse());
      }
    }
  }

  @Test
  void stopsReadingABodyWithoutEnd() throws IOException {
    try (ScriptedServer server =
            new ScriptedServer(
                (request, reply) -> {
                  reply.head(200, Map.of("Connection", "close"), -1);
                  while (true) {
                    reply.out().write(BLOB);
                  }
                });
        HttpRegistryClient client = client(server)) {
      assertThatThrownBy(() -> blob(client, image(server), 0))
          .isInstanceOfSatisfying(
              SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DIGEST_MISMATCH))
          .hasMessageContaining("more than the 300000 bytes");
    }
  }

  @Test
  void aStalledBodyEnds() throws IOException {
    try (ScriptedServer server =
            new ScriptedServer(
                (request, reply) -> {
                  reply.head(200, Map.of(), BLOB.length);
                  reply.out().write(BLOB, 0, 1000);
                  reply.out().flush();
                  Thread.sleep(60_000);
                });
        HttpRegistryClient client =
            Samples.client(
                Samples.plain(server.host()).readTimeout(Duration.ofMillis(300)).build())) {
      assertThatThrownBy(() -> blob(client, image(server), 0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("does not answer in time, at byte 1000");
    }
  }

  @Test
  void readsLargePiecesStraightFromTheSocket() throws IOException {
    byte[] large = Samples.bytes(3, 8_000_000);
    try (ScriptedServer server = new ScriptedServer((q, r) -> r.send(200, Map.of(), large));
        HttpRegistryClient client = client(server);
        BlobStream stream = client.blob(image(server), Samples.blob(large), 0, task)) {
      InputStream body = stream.body();
      byte[] buffer = new byte[256 * 1024];
      int longest = 0;
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        longest = Math.max(longest, n);
      }
      assertThat(longest).isGreaterThan(32 * 1024);
    }
  }
}
