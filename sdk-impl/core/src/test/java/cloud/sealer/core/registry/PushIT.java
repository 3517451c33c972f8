package cloud.sealer.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.testkit.RecordingTask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sending to registries, also to ones that fail. */
@Timeout(60)
class PushIT {
  private static final byte[] BLOB = Samples.bytes(4, 1_000_000);
  private static final Descriptor DESCRIPTOR = Samples.blob(BLOB);
  private static final FileTree.Content CONTENT = () -> new ByteArrayInputStream(BLOB);

  private final RecordingTask task = new RecordingTask();
  private final List<Digest> stored = new CopyOnWriteArrayList<>();

  private static Reference image(ScriptedServer server) {
    return Samples.reference(server.host(), "team/app:v1");
  }

  private void accept(ScriptedServer.Request request, ScriptedServer.Reply reply)
      throws IOException {
    if (request.method().equals("POST")) {
      reply.send(202, Map.of("Location", "/upload/1?_state=a%2Fb"));
    } else {
      stored.add(Samples.digest(request.body().readAllBytes()));
      reply.send(201, Map.of());
    }
  }

  @Test
  void sendsABlobInOnePiece() throws IOException {
    try (ScriptedServer server = new ScriptedServer(this::accept);
        HttpRegistryClient client = Samples.client(Samples.plain(server.host()).build())) {
      client.putBlob(image(server), DESCRIPTOR, CONTENT, task);
      assertThat(stored).containsExactly(DESCRIPTOR.digest());
      assertThat(server.log())
          .containsExactly(
              "POST /v2/team/app/blobs/uploads/",
              "PUT /upload/1?_state=a%2Fb&digest=sha256%3A" + DESCRIPTOR.digest().hex());
      assertThat(server.requests.get(1).header("content-length")).isEqualTo("1000000");
      assertThat(task.advanced()).isEqualTo(1_000_000);
      assertThat(server.connections).hasValue(1);
    }
  }

  @Test
  void startsAnewWhenItBreaksAndCountsEachByteOnce() throws IOException {
    AtomicInteger puts = new AtomicInteger();
    try (ScriptedServer server =
            new ScriptedServer(
                (request, reply) -> {
                  if (request.method().equals("PUT")) {
                    switch (puts.incrementAndGet()) {
                      case 1 -> {
                        assertThat(request.body().readNBytes(200_000)).hasSize(200_000);
                        reply.cut();
                        return;
                      }
                      case 2 -> {
                        reply.send(404, "{\"errors\":[{\"code\":\"BLOB_UPLOAD_UNKNOWN\"}]}");
                        return;
                      }
                      default -> {}
                    }
                  }
                  accept(request, reply);
                });
        HttpRegistryClient client = Samples.client(Samples.plain(server.host()).build())) {
      client.putBlob(image(server), DESCRIPTOR, CONTENT, task);
      assertThat(stored).containsExactly(DESCRIPTOR.digest());
      assertThat(task.advanced()).isEqualTo(1_000_000);
      assertThat(task.retries()).hasSize(2);
      assertThat(task.retries().get(1).cause()).contains("BLOB_UPLOAD_UNKNOWN");
    }
  }

  @Test
  void endsAnUploadToAServerThatStopsReading() throws IOException {
    Descriptor endless = new Descriptor(MediaType.OCI_LAYER, DESCRIPTOR.digest(), 1L << 40);
    FileTree.Content zeros =
        () ->
            new InputStream() {
              @Override
              public int read() {
                return 0;
              }

              @Override
              public int read(byte[] buffer, int start, int length) {
                return length;
              }
            };
    try (ScriptedServer server =
            new ScriptedServer(
                (request, reply) -> {
                  if (request.method().equals("PUT")) {
                    Thread.sleep(60_000);
                  }
                  accept(request, reply);
                });
        HttpRegistryClient client =
            Samples.client(
                Samples.plain(server.host()).readTimeout(Duration.ofMillis(500)).build())) {
      SealerException e =
          catchThrowableOfType(
              SealerException.class, () -> client.putBlob(image(server), endless, zeros, task));
      assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE);
      assertThat(e.attempts()).isEqualTo(3);
    }
  }

  @Test
  void showsWhatAServerSaysBeforeItHasReadAll() throws IOException {
    Descriptor large = new Descriptor(MediaType.OCI_LAYER, DESCRIPTOR.digest(), 200_000_000);
    byte[] zeros = new byte[1_000_000];
    FileTree.Content content =
        () ->
            new InputStream() {
              @Override
              public int read() {
                return 0;
              }

              @Override
              public int read(byte[] buffer, int start, int length) {
                return Math.min(length, zeros.length);
              }
            };
    try (ScriptedServer server =
            new ScriptedServer(
                (request, reply) -> {
                  if (request.method().equals("PUT")) {
                    reply.send(413, "too large for this proxy");
                    request.body().readNBytes(20_000_000);
                    reply.cut();
                  } else {
                    accept(request, reply);
                  }
                });
        HttpRegistryClient client = Samples.client(Samples.plain(server.host()).build())) {
      assertThatThrownBy(() -> client.putBlob(image(server), large, content, task))
          .hasMessageContaining("413: too large for this proxy");
    }
  }

  @Test
  void contentThatIsNotTheBlobIsNotTriedAgain() throws IOException {
    try (ScriptedServer server = new ScriptedServer(this::accept);
        HttpRegistryClient client = Samples.client(Samples.plain(server.host()).build())) {
      for (int length : List.of(999_999, 1_000_001)) {
        assertThatThrownBy(
                () ->
                    client.putBlob(
                        image(server),
                        DESCRIPTOR,
                        () -> new ByteArrayInputStream(new byte[length]),
                        task))
            .isInstanceOfSatisfying(
                SealerException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_CORRUPT));
      }
      assertThatThrownBy(
              () ->
                  client.putBlob(
                      image(server),
                      DESCRIPTOR,
                      () -> {
                        throw new IOException("disk is gone");
                      },
                      task))
          .isInstanceOfSatisfying(
              SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_IO))
          .hasMessageContaining("disk is gone");
      assertThat(task.retries()).isEmpty();
      assertThat(stored).isEmpty();
    }
  }

  @Test
  void credentialsDoNotFollowAnUploadToAnotherOrigin() throws IOException {
    try (ScriptedServer store = new ScriptedServer(this::accept);
        ScriptedServer server =
            new ScriptedServer(
                (request, reply) -> {
                  if (request.header("authorization").isEmpty()) {
                    reply.send(401, Map.of("WWW-Authenticate", "Basic realm=\"r\""));
                  } else {
                    reply.send(202, Map.of("Location", store.url("/elsewhere")));
                  }
                });
        HttpRegistryClient client =
            Samples.client(
                Samples.plain(server.host())
                    .credentials(r -> Optional.of(Credentials.basic("u", "p")))
                    .build())) {
      client.putBlob(image(server), DESCRIPTOR, CONTENT, task);
      assertThat(store.requests.get(0).headers()).doesNotContainKey("authorization");
      assertThat(stored).containsExactly(DESCRIPTOR.digest());
    }
  }

  @Test
  void mountsOrGivesTheUploadBack() throws IOException {
    for (int status : List.of(201, 202, 403, 404)) {
      try (ScriptedServer server =
              new ScriptedServer(
                  (request, reply) ->
                      reply.send(
                          request.method().equals("DELETE") ? 204 : status,
                          Map.of("Location", "/v2/upload/7")));
          HttpRegistryClient client = Samples.client(Samples.plain(server.host()).build())) {
        boolean mounted = client.mount(image(server), DESCRIPTOR.digest(), "team/base", task);
        assertThat(mounted).isEqualTo(status == 201);
        assertThat(server.log().get(0))
            .isEqualTo(
                "POST /v2/team/app/blobs/uploads/?mount=sha256%3A"
                    + DESCRIPTOR.digest().hex()
                    + "&from=team%2Fbase");
        assertThat(server.log().contains("DELETE /v2/upload/7")).isEqualTo(status == 202);
      }
    }
  }

  @Test
  void knowsWhetherABlobIsThere() throws IOException {
    try (ScriptedServer server =
            new ScriptedServer(
                (request, reply) -> {
                  boolean head = request.method().equals("HEAD");
                  String path = request.path();
                  if (path.contains("/no-head/")) {
                    reply.send(head ? 403 : 206, Map.of(), new byte[1]);
                  } else {
                    reply.send(path.contains("/has/") ? 200 : 404, Map.of());
                  }
                });
        HttpRegistryClient client = Samples.client(Samples.plain(server.host()).build())) {
      for (String repository : List.of("has", "no-head", "has-not")) {
        Reference reference = Samples.reference(server.host(), repository + ":v1");
        assertThat(client.hasBlob(reference, DESCRIPTOR.digest(), task))
            .isEqualTo(!repository.equals("has-not"));
      }
    }
  }

  @Test
  void sendsAManifestAndChecksWhatTheRegistryMadeOfIt() throws IOException {
    byte[] manifest = Samples.manifest(DESCRIPTOR, DESCRIPTOR);
    try (ScriptedServer server =
            new ScriptedServer(
                (request, reply) -> {
                  stored.add(Samples.digest(request.body().readAllBytes()));
                  boolean changed = request.target().endsWith("changed");
                  Digest digest = changed ? DESCRIPTOR.digest() : Samples.digest(manifest);
                  reply.send(201, Map.of("Docker-Content-Digest", digest.toString()));
                });
        HttpRegistryClient client = Samples.client(Samples.plain(server.host()).build())) {
      Reference image = image(server);
      client.putManifest(image, MediaType.OCI_MANIFEST, manifest, task);
      client.putManifest(
          image.withDigest(Samples.digest(manifest)), MediaType.OCI_MANIFEST, manifest, task);
      assertThat(server.log())
          .containsExactly(
              "PUT /v2/team/app/manifests/v1",
              "PUT /v2/team/app/manifests/" + Samples.digest(manifest));
      assertThat(server.requests.get(0).header("content-type"))
          .isEqualTo(MediaType.OCI_MANIFEST.value());
      assertThat(stored).containsOnly(Samples.digest(manifest));
      assertThatThrownBy(
              () ->
                  client.putManifest(
                      image.withTag("changed"), MediaType.OCI_MANIFEST, manifest, task))
          .isInstanceOfSatisfying(
              SealerException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DIGEST_MISMATCH));
      assertThatThrownBy(
              () ->
                  client.putManifest(
                      image.withDigest(DESCRIPTOR.digest()),
                      MediaType.OCI_MANIFEST,
                      "{}".getBytes(StandardCharsets.UTF_8),
                      task))
          .isInstanceOf(SealerException.class);
      assertThat(server.log()).hasSize(3);
    }
  }
}
