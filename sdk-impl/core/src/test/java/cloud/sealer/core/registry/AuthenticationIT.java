package cloud.sealer.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.RegistryClient.BlobStream;
import cloud.sealer.testkit.RecordingTask;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who the client is, at registries, token services and object stores. */
@Timeout(60)
class AuthenticationIT {
  private static final byte[] BLOB = Samples.bytes(2, 5000);
  private static final Descriptor DESCRIPTOR = Samples.blob(BLOB);
  private static final String BASIC = "Basic YW5uOnA6dw==";

  private final RecordingTask task = new RecordingTask();

  private static RegistryOptions options(ScriptedServer server, Optional<Credentials> credentials) {
    return Samples.plain(server.host()).credentials(registry -> credentials).build();
  }

  private static Optional<Credentials> ann() {
    return Optional.of(Credentials.basic("ann", "p:w"));
  }

  private byte[] pull(HttpRegistryClient client, Reference image) throws IOException {
    try (BlobStream stream = client.blob(image, DESCRIPTOR, 0, task)) {
      return stream.body().readAllBytes();
    }
  }

  @Test
  void sendsBasicOnlyOnceChallengedAndThenAtOnce() throws IOException {
    try (ScriptedServer server =
            new ScriptedServer(
                (request, reply) -> {
                  if (request.header("authorization").equals(BASIC)) {
                    reply.send(200, Map.of(), BLOB);
                  } else {
                    reply.send(401, Map.of("WWW-Authenticate", "Basic realm=\"r\""));
                  }
                });
        HttpRegistryClient client = Samples.client(options(server, ann()))) {
      Reference image = Samples.reference(server.host(), "a:b");
      assertThat(pull(client, image)).isEqualTo(BLOB);
      assertThat(pull(client, image)).isEqualTo(BLOB);
      assertThat(server.requests)
          .extracting(r -> r.header("authorization"))
          .containsExactly("", BASIC, BASIC);
    }
  }

  @Test
  void aRefusalNamesTheRemedyAndNoSecret() throws IOException {
    try (ScriptedServer server =
        new ScriptedServer(
            (request, reply) ->
                reply.send(
                    401,
                    Map.of("WWW-Authenticate", "Basic realm=\"r\""),
                    "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"who\"}]}"
                        .getBytes(StandardCharsets.UTF_8)))) {
      for (Optional<Credentials> credentials :
          List.of(
              ann(),
              Optional.<Credentials>empty(),
              Optional.of(Credentials.identityToken("idt")))) {
        try (HttpRegistryClient client = Samples.client(options(server, credentials))) {
          SealerException e =
              catchThrowableOfType(
                  SealerException.class,
                  () -> client.manifest(Samples.reference(server.host(), "a:b"), task));
          assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
          assertThat(e).hasMessageContaining("who").hasMessageNotContaining("p:w");
          assertThat(e.remedy()).contains("sealer login " + server.host());
          assertThat(e.attempts()).isEqualTo(1);
        }
      }
    }
  }

  /** A registry and its token service in one; tokens can be revoked. */
  private static final class TokenRegistry implements ScriptedServer.Handler {
    final Set<String> good = ConcurrentHashMap.newKeySet();
    final List<String> asked = new CopyOnWriteArrayList<>();
    final AtomicInteger number = new AtomicInteger();
    volatile String host = "";
    volatile String realm = "";
    volatile boolean refuse;

    @Override
    public void handle(ScriptedServer.Request request, ScriptedServer.Reply reply)
        throws IOException {
      if (request.path().equals("/token")) {
        String form = new String(request.body().readAllBytes(), StandardCharsets.UTF_8);
        String query = URLDecoder.decode(request.target() + form, StandardCharsets.UTF_8);
        asked.add(request.method() + " " + query + " " + request.header("authorization"));
        if (refuse) {
          reply.send(401, "{\"details\":\"incorrect username or password\"}");
          return;
        }
        String token = "t" + number.incrementAndGet();
        good.add("Bearer " + token);
        String field = request.method().equals("POST") ? "access_token" : "token";
        reply.send(200, "{\"" + field + "\":\"" + token + "\",\"expires_in\":300}");
      } else if (good.contains(request.header("authorization"))) {
        reply.send(request.method().equals("POST") ? 201 : 200, Map.of(), BLOB);
      } else {
        String to = realm.isEmpty() ? "http://" + host + "/token?x=1" : realm;
        reply.send(
            401, Map.of("WWW-Authenticate", "Bearer realm=\"" + to + "\",service=\"reg, istry\""));
      }
    }
  }

  @Test
  void getsOneTokenForEachScope() throws IOException {
    TokenRegistry registry = new TokenRegistry();
    try (ScriptedServer server = new ScriptedServer(registry);
        HttpRegistryClient client = Samples.client(options(server, ann()))) {
      registry.host = server.host();
      Reference a = Samples.reference(server.host(), "team/a:1");
      Reference b = Samples.reference(server.host(), "team/b:1");
      pull(client, a);
      pull(client, a);
      pull(client, b);
      assertThat(client.mount(b, DESCRIPTOR.digest(), "team/a", task)).isTrue();
      assertThat(registry.asked)
          .containsExactly(
              "GET /token?x=1&service=reg, istry&scope=repository:team/a:pull&account=ann " + BASIC,
              "GET /token?x=1&service=reg, istry&scope=repository:team/b:pull&account=ann " + BASIC,
              "GET /token?x=1&service=reg, istry&scope=repository:team/b:pull,push"
                  + "&scope=repository:team/a:pull&account=ann "
                  + BASIC);
      // The challenge is known: no further request fails first.
      assertThat(server.log()).hasSize(1 + 1 + 2 + 2 + 2);
    }
  }

  @Test
  void replacesATokenThatExpiresOrIsRevoked() throws IOException {
    TokenRegistry registry = new TokenRegistry();
    Instant[] now = {Samples.CLOCK.instant()};
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            return now[0];
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    try (ScriptedServer server = new ScriptedServer(registry);
        HttpRegistryClient client =
            new HttpRegistryClient(options(server, Optional.empty()), 4, clock, d -> {})) {
      registry.host = server.host();
      Reference a = Samples.reference(server.host(), "team/a:1");
      pull(client, a);
      now[0] = now[0].plusSeconds(280);
      pull(client, a);
      assertThat(registry.asked).hasSize(1);
      now[0] = now[0].plusSeconds(11);
      pull(client, a);
      assertThat(registry.asked).hasSize(2);
      registry.good.clear();
      assertThat(pull(client, a)).isEqualTo(BLOB);
      assertThat(registry.asked).hasSize(3).allMatch(line -> line.endsWith(" "));
      assertThat(task.retries()).isEmpty();
    }
  }

  @Test
  void exchangesAnIdentityToken() throws IOException {
    TokenRegistry registry = new TokenRegistry();
    try (ScriptedServer server = new ScriptedServer(registry);
        HttpRegistryClient client =
            Samples.client(options(server, Optional.of(Credentials.identityToken("id+t"))))) {
      registry.host = server.host();
      pull(client, Samples.reference(server.host(), "team/a:1"));
      assertThat(registry.asked)
          .containsExactly(
              "POST /token?x=1grant_type=refresh_token&client_id=sealer-sdk-java"
                  + "&service=reg, istry&scope=repository:team/a:pull&refresh_token=id+t ");
    }
  }

  @Test
  void checksCredentials() throws IOException {
    TokenRegistry registry = new TokenRegistry();
    try (ScriptedServer server = new ScriptedServer(registry);
        HttpRegistryClient client = Samples.client(options(server, Optional.empty()))) {
      registry.host = server.host();
      client.check(server.host(), Credentials.basic("ann", "p:w"));
      assertThat(server.log().get(0)).isEqualTo("GET /v2/");
      assertThat(registry.asked)
          .containsExactly("GET /token?x=1&service=reg, istry&account=ann " + BASIC);
      registry.refuse = true;
      assertThatThrownBy(() -> client.check(server.host(), Credentials.basic("ann", "hunter2")))
          .isInstanceOfSatisfying(
              SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED))
          .hasMessageContaining("incorrect username or password")
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void credentialsStayAtTheirOrigin() throws IOException {
    try (ScriptedServer store = new ScriptedServer((q, reply) -> reply.send(200, Map.of(), BLOB));
        ScriptedServer server =
            new ScriptedServer(
                (request, reply) -> {
                  if (!request.header("authorization").equals(BASIC)) {
                    reply.send(401, Map.of("WWW-Authenticate", "Basic realm=\"r\""));
                  } else if (request.target().equals("/there")) {
                    reply.send(302, Map.of("Location", store.url("/bucket/blob?Signature=abc")));
                  } else {
                    reply.send(307, Map.of("Location", "/there"), new byte[100]);
                  }
                });
        HttpRegistryClient client = Samples.client(options(server, ann()))) {
      assertThat(pull(client, Samples.reference(server.host(), "a:b"))).isEqualTo(BLOB);
      assertThat(store.log()).containsExactly("GET /bucket/blob?Signature=abc");
      assertThat(store.requests.get(0).headers()).doesNotContainKey("authorization");
      assertThat(server.requests.get(2).header("authorization")).isEqualTo(BASIC);
    }
  }

  @Test
  void anObjectStoreCannotAskForCredentials() throws IOException {
    try (ScriptedServer store =
            new ScriptedServer(
                (q, reply) -> reply.send(401, Map.of("WWW-Authenticate", "Basic realm=\"x\"")));
        ScriptedServer server =
            new ScriptedServer(
                (q, reply) ->
                    reply.send(307, Map.of("Location", store.url("/b?Signature=secret"))));
        HttpRegistryClient client = Samples.client(options(server, ann()))) {
      assertThatThrownBy(() -> pull(client, Samples.reference(server.host(), "a:b")))
          .isInstanceOf(SealerException.class)
          .hasMessageContaining(store.host())
          .hasMessageNotContaining("secret");
      assertThat(store.requests).allMatch(r -> r.header("authorization").isEmpty());
    }
  }

  @Test
  void endlessRedirectsEnd() throws IOException {
    try (ScriptedServer server =
            new ScriptedServer(
                (q, reply) -> reply.send(302, Map.of("Location", q.target() + "x")));
        HttpRegistryClient client = Samples.client(options(server, ann()))) {
      assertThatThrownBy(() -> pull(client, Samples.reference(server.host(), "a:b")))
          .hasMessageContaining("redirects more than 5 times");
      assertThat(server.requests).hasSize(6);
    }
  }

  @Test
  void aRealmThatIsNoUrlIsAClearError() throws IOException {
    TokenRegistry registry = new TokenRegistry();
    registry.realm = "ftp://x/";
    try (ScriptedServer server = new ScriptedServer(registry);
        HttpRegistryClient client = Samples.client(options(server, ann()))) {
      assertThatThrownBy(() -> pull(client, Samples.reference(server.host(), "a:b")))
          .isInstanceOf(SealerException.class)
          .hasMessageContaining("WWW-Authenticate");
      assertThatCode(client::close).doesNotThrowAnyException();
    }
  }
}
