package cloud.sealer.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.RegistryClient.Manifest;
import cloud.sealer.testkit.RecordingTask;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests and tags, and what registries and networks do wrong when they are read. */
@Timeout(60)
class ManifestIT {
  private static final byte[] BLOB = Samples.bytes(1, 300_000);
  private static final Descriptor DESCRIPTOR = Samples.blob(BLOB);
  private static final byte[] MANIFEST = Samples.manifest(DESCRIPTOR, DESCRIPTOR);
  private static final Digest DIGEST = Samples.digest(MANIFEST);
  private static final Map<String, String> OCI =
      Map.of("Content-Type", MediaType.OCI_MANIFEST.value());

  private final RecordingTask task = new RecordingTask();
  private final Samples.Naps naps = new Samples.Naps();

  private HttpRegistryClient client(ScriptedServer server) {
    return client(Samples.plain(server.host()).build());
  }

  private HttpRegistryClient client(RegistryOptions options) {
    return new HttpRegistryClient(options, 4, Samples.CLOCK, naps);
  }

  private static Reference image(ScriptedServer server) {
    return Samples.reference(server.host(), "team/app:v1");
  }

  private Manifest manifest(ScriptedServer.Handler handler) throws IOException {
    try (ScriptedServer server = new ScriptedServer(handler);
        HttpRegistryClient client = client(server)) {
      return client.manifest(image(server), task);
    }
  }

  private SealerException failure(ScriptedServer.Handler handler) {
    SealerException e = catchThrowableOfType(SealerException.class, () -> manifest(handler));
    assertThat(e).isNotNull();
    assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}");
    return e;
  }

  @Test
  void getsAManifestByTagAndDigest() throws IOException {
    try (ScriptedServer server =
            new ScriptedServer((request, reply) -> reply.send(200, OCI, MANIFEST));
        HttpRegistryClient client = client(server)) {
      Manifest byTag = client.manifest(image(server), task);
      assertThat(byTag.descriptor())
          .isEqualTo(new Descriptor(MediaType.OCI_MANIFEST, DIGEST, MANIFEST.length));
      assertThat(byTag.bytes()).isEqualTo(MANIFEST);
      client.manifest(image(server).withDigest(DIGEST), task);
      assertThat(server.log())
          .containsExactly("GET /v2/team/app/manifests/v1", "GET /v2/team/app/manifests/" + DIGEST);
      assertThat(server.connections).hasValue(1);
      assertThat(server.requests.get(0).header("accept").split(", ", -1)).hasSize(4);
      assertThat(server.requests.get(0).header("accept-encoding")).isEqualTo("identity");
      assertThat(server.requests.get(0).header("user-agent")).isEqualTo("sealer-sdk-java");
      assertThat(server.requests.get(0).headers()).doesNotContainKeys("upgrade", "authorization");
    }
  }

  @Test
  void refusesBytesOfAnotherDigest() throws IOException {
    Digest wanted = Samples.digest(BLOB);
    try (ScriptedServer server =
            new ScriptedServer((request, reply) -> reply.send(200, OCI, MANIFEST));
        HttpRegistryClient client = client(server)) {
      assertThatThrownBy(() -> client.manifest(image(server).withDigest(wanted), task))
          .isInstanceOfSatisfying(
              SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DIGEST_MISMATCH))
          .hasMessageContaining(wanted.toString())
          .hasMessageContaining(DIGEST.toString());
    }
    assertThat(
            failure(
                    (request, reply) ->
                        reply.send(
                            200, Map.of("Docker-Content-Digest", wanted.toString()), MANIFEST))
                .code())
        .isEqualTo(ErrorCode.DIGEST_MISMATCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"schemaVersion\":1,\"fsLayers\":[],\"history\":[]}",
        "{\"mediaType\":\"application/vnd.docker.distribution.manifest.v1+prettyjws\"}",
        "{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}"
      })
  void refusesFormsItDoesNotRead(String body) {
    SealerException e = failure((request, reply) -> reply.send(200, body));
    assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
    assertThat(e.retryable()).isFalse();
  }

  @Test
  void guessesTheTypeWhereTheServerDoesNotSay() throws IOException {
    assertThat(manifest((q, r) -> r.send(200, "{\"layers\":[]}")).descriptor().mediaType())
        .isEqualTo(MediaType.OCI_MANIFEST);
    assertThat(
            manifest(
                    (q, r) ->
                        r.send(
                            200,
                            Map.of("Content-Type", "application/json; charset=utf-8"),
                            "{\"manifests\":[{\"layers\":1}]}".getBytes(StandardCharsets.UTF_8)))
                .descriptor()
                .mediaType())
        .isEqualTo(MediaType.OCI_INDEX);
    // What the document says counts more than the header.
    assertThat(
            manifest(
                    (q, r) ->
                        r.send(
                            200,
                            OCI,
                            ("{\"mediaType\":\"" + MediaType.DOCKER_MANIFEST_LIST + "\"}")
                                .getBytes(StandardCharsets.UTF_8)))
                .descriptor()
                .mediaType())
        .isEqualTo(MediaType.DOCKER_MANIFEST_LIST);
  }

  @Test
  void refusesPagesOfProxiesAndHugeAnswers() {
    SealerException page =
        failure(
            (request, reply) ->
                reply.send(
                    200,
                    Map.of("Content-Type", "text/html"),
                    "<html><title>Log\u0007in</title></html>".getBytes(StandardCharsets.UTF_8)));
    assertThat(page.code()).isEqualTo(ErrorCode.REGISTRY_ERROR);
    assertThat(page)
        .hasMessageContaining("not a manifest but text/html")
        .hasMessageContaining("Log in");

    assertThat(failure((q, reply) -> reply.head(200, Map.of(), 1L << 40)))
        .hasMessageContaining("longer than");
    assertThat(
            failure(
                (q, reply) -> {
                  reply.head(200, Map.of("Connection", "close"), -1);
                  byte[] chunk = new byte[100_000];
                  Arrays.fill(chunk, (byte) ' ');
                  while (true) {
                    reply.out().write(chunk);
                  }
                }))
        .hasMessageContaining("longer than");
  }

  @Test
  void aFullQuotaIsNoMatterOfLogin() {
    SealerException full =
        failure(
            (q, r) ->
                r.send(
                    403,
                    "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"adding 1.2 MiB of storage"
                        + " will exceed the configured upper limit of 1.0 GiB.\"}]}"));
    assertThat(full.remedy()).contains("quota").doesNotContain("log in");
    assertThat(failure((q, r) -> r.send(507, "")).remedy()).contains("free space");
  }

  @Test
  void saysWhatTheServerSays() {
    SealerException unknown =
        failure(
            (q, r) ->
                r.send(
                    404, "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"no v1\"}]}"));
    assertThat(unknown.code()).isEqualTo(ErrorCode.IMAGE_NOT_FOUND);
    assertThat(unknown)
        .hasMessageContaining("team/app:v1")
        .hasMessageContaining("MANIFEST_UNKNOWN: no v1");
    SealerException denied = failure((q, r) -> r.send(403, "{}"));
    assertThat(denied.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
    assertThat(denied.remedy()).contains("sealer login");
    assertThat(failure((q, r) -> r.send(418, "tea")).code()).isEqualTo(ErrorCode.REGISTRY_ERROR);
  }

  @Test
  void waitsAsLongAsABusyServerAsks() throws IOException {
    AtomicInteger count = new AtomicInteger();
    manifest(
        (request, reply) -> {
          switch (count.incrementAndGet()) {
            case 1 -> reply.send(429, Map.of("Retry-After", "7"));
            case 2 ->
                reply.send(
                    503,
                    Map.of("Retry-After", "Mon, 06 May 2024 07:09:09 GMT"),
                    "x".getBytes(StandardCharsets.UTF_8));
            default -> reply.send(200, OCI, MANIFEST);
          }
        });
    assertThat(naps.naps).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(60));
    assertThat(task.retries()).hasSize(2);
    assertThat(task.retries().get(0).cause()).contains("429");
  }

  @Test
  void givesUpAfterAllTriesWithGrowingDelays() {
    SealerException e = failure((request, reply) -> reply.send(500, "broken"));
    assertThat(e.code()).isEqualTo(ErrorCode.REGISTRY_ERROR);
    assertThat(e.attempts()).isEqualTo(3);
    assertThat(e.retryable()).isTrue();
    assertThat(e.details()).containsEntry("status", "500");
    assertThat(naps.naps).hasSize(2);
    assertThat(naps.naps.get(0)).isBetween(Duration.ofMillis(500), Duration.ofMillis(625));
    assertThat(naps.naps.get(1)).isBetween(Duration.ofMillis(1000), Duration.ofMillis(1250));
  }

  @Test
  void triesAgainWhenAnAnswerIsCut() throws IOException {
    AtomicInteger count = new AtomicInteger();
    Manifest manifest =
        manifest(
            (request, reply) -> {
              if (count.incrementAndGet() == 1) {
                reply.cut();
              } else if (count.get() == 2) {
                reply.head(200, OCI, MANIFEST.length);
                reply.out().write(MANIFEST, 0, 10);
                reply.cut();
              } else {
                reply.send(200, OCI, MANIFEST);
              }
            });
    assertThat(manifest.bytes()).isEqualTo(MANIFEST);
    assertThat(task.retries()).hasSize(2);
  }

  @Test
  void saysWhereNobodyListens() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = socket.getLocalPort();
    }
    String host = "127.0.0.1:" + port;
    try (HttpRegistryClient client = client(Samples.plain(host).build())) {
      SealerException refused =
          catchThrowableOfType(
              SealerException.class, () -> client.manifest(Samples.reference(host, "a:b"), task));
      assertThat(refused.code()).isEqualTo(ErrorCode.UNREACHABLE);
      assertThat(refused.attempts()).isEqualTo(3);
      assertThat(refused).hasMessageContaining(host);
      SealerException unknown =
          catchThrowableOfType(
              SealerException.class,
              () -> client.manifest(Samples.reference("no-such-host.invalid", "a:b"), task));
      assertThat(unknown.code()).isEqualTo(ErrorCode.UNREACHABLE);
      assertThat(unknown.attempts()).isEqualTo(2);
    }
  }

  @Test
  void asksWithGetWhereHeadIsRefusedOrSaysTooLittle() throws IOException {
    for (int status : List.of(200, 400, 403, 405, 501)) {
      try (ScriptedServer server =
              new ScriptedServer(
                  (request, reply) ->
                      reply.send(request.method().equals("HEAD") ? status : 200, OCI, MANIFEST));
          HttpRegistryClient client = client(server)) {
        assertThat(client.head(image(server), task))
            .contains(new Descriptor(MediaType.OCI_MANIFEST, DIGEST, MANIFEST.length));
        assertThat(server.log()).hasSize(2);
      }
    }
    try (ScriptedServer server =
            new ScriptedServer(
                (request, reply) -> {
                  if (request.target().endsWith("v1")) {
                    reply.send(
                        200,
                        Map.of(
                            "Docker-Content-Digest", DIGEST.toString(),
                            "Content-Type", MediaType.OCI_INDEX.value()),
                        MANIFEST);
                  } else {
                    reply.send(404, Map.of());
                  }
                });
        HttpRegistryClient client = client(server)) {
      assertThat(client.head(image(server), task))
          .contains(new Descriptor(MediaType.OCI_INDEX, DIGEST, MANIFEST.length));
      assertThat(client.head(image(server).withTag("v2"), task)).isEmpty();
      assertThat(server.log()).hasSize(2).allMatch(line -> line.startsWith("HEAD"));
    }
  }

  @Test
  void readsAllPagesOfTagsAndNoForeignOnes() throws IOException {
    try (ScriptedServer server =
            new ScriptedServer(
                (request, reply) -> {
                  boolean second = request.target().contains("last=b");
                  String link =
                      request.target().contains("evil")
                          ? "<https://evil.example/v2/x>; rel=\"next\""
                          : "</v2/team/app/tags/list?last=b>; rel=\"next\"";
                  reply.send(
                      200,
                      second ? Map.of() : Map.of("Link", link),
                      (second ? "{\"name\":\"x\",\"tags\":[\"c\"]}" : "{\"tags\":[\"a\",\"b\"]}")
                          .getBytes(StandardCharsets.UTF_8));
                });
        HttpRegistryClient client = client(server)) {
      assertThat(client.tags(image(server), task)).containsExactly("a", "b", "c");
      assertThatThrownBy(() -> client.tags(Samples.reference(server.host(), "evil"), task))
          .hasMessageContaining("not a further page");
    }
  }
}
