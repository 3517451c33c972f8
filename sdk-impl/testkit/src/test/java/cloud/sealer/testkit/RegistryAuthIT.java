package cloud.sealer.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Credentials;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who may do what. */
class RegistryAuthIT {
  private static final Credentials USER = Credentials.basic("anna", "pass");
  private static final String GOOD = basic("anna:pass");
  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");
  private static final String TAGS = "/v2/team/app/tags/list";
  private static final ImageFixture IMAGE =
      ContainerImages.of("team/app", "v1").file("a", "b").build();

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }

  private static EmbeddedRegistry bearer(Duration expiry) {
    EmbeddedRegistry registry =
        EmbeddedRegistry.builder().bearerAuth(USER, expiry).anonymousPull().start();
    IMAGE.putInto(registry);
    return registry;
  }

  @Test
  void basicWantsTheUser() throws Exception {
    try (EmbeddedRegistry registry = EmbeddedRegistry.builder().basicAuth(USER).start()) {
      Http http = new Http(registry.address());
      HttpResponse<byte[]> nobody = http.get("/v2/");
      assertThat(nobody.statusCode()).isEqualTo(401);
      assertThat(Http.header(nobody, "WWW-Authenticate")).startsWith("Basic realm=");
      assertThat(http.get("/v2/", "Authorization", basic("anna:wrong")).statusCode())
          .isEqualTo(401);
      assertThat(http.get("/v2/", "Authorization", "Basic ???").statusCode()).isEqualTo(401);
      assertThat(http.get("/v2/", "Authorization", GOOD).statusCode()).isEqualTo(200);
      assertThat(registry.requests()).extracting(r -> r.authorized()).startsWith(false, true);
    }
  }

  @Test
  void bearerTokenIsForItsScope() throws Exception {
    try (EmbeddedRegistry registry = bearer(Duration.ofMinutes(1))) {
      Http http = new Http(registry.address());
      String challenge = Http.header(http.get(TAGS), "WWW-Authenticate");
      assertThat(challenge)
          .isEqualTo(
              "Bearer realm=\"http://"
                  + registry.address()
                  + "/token\",service=\"embedded-registry\",scope=\"repository:team/app:pull\"");
      String pull = token(http.get("/token?scope=repository:team/app:pull"));
      assertThat(http.get(TAGS, "Authorization", pull).statusCode()).isEqualTo(200);
      String uploads = "/v2/team/app/blobs/uploads/";
      assertThat(http.send("POST", uploads, new byte[0], "Authorization", pull).statusCode())
          .isEqualTo(401);
      String nobody = token(http.get("/token?scope=repository:team/app:pull,push"));
      assertThat(http.send("POST", uploads, new byte[0], "Authorization", nobody).statusCode())
          .isEqualTo(401);
      String push =
          token(http.get("/token?scope=repository:team/app:pull,push", "Authorization", GOOD));
      assertThat(http.send("POST", uploads, new byte[0], "Authorization", push).statusCode())
          .isEqualTo(202);
      assertThat(http.get("/token", "Authorization", basic("anna:wrong")).statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  void identityTokenIsExchanged() throws Exception {
    try (EmbeddedRegistry registry = bearer(Duration.ofMinutes(1))) {
      Http http = new Http(registry.address());
      String form = "grant_type=refresh_token&scope=repository%3Ateam%2Fapp%3Apull&refresh_token=";
      String token = token(http.send("POST", "/token", (form + "pass").getBytes(UTF_8)));
      assertThat(http.get(TAGS, "Authorization", token).statusCode()).isEqualTo(200);
      assertThat(http.send("POST", "/token", (form + "no").getBytes(UTF_8)).statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  void tokensExpireByTimeAndOnDemand() throws Exception {
    try (EmbeddedRegistry registry = bearer(Duration.ofMillis(300))) {
      Http http = new Http(registry.address());
      String token = token(http.get("/token?scope=repository:team/app:pull"));
      assertThat(http.get(TAGS, "Authorization", token).statusCode()).isEqualTo(200);
      Thread.sleep(400);
      assertThat(http.get(TAGS, "Authorization", token).statusCode()).isEqualTo(401);
      String next = token(http.get("/token?scope=repository:team/app:pull"));
      registry.faults().expireTokens();
      assertThat(http.get(TAGS, "Authorization", next).statusCode()).isEqualTo(401);
    }
  }

  private static String token(HttpResponse<byte[]> response) {
    Matcher token = TOKEN.matcher(new String(response.body(), UTF_8));
    assertThat(token.find()).as("token in answer " + response.statusCode()).isTrue();
    return "Bearer " + token.group(1);
  }
}
