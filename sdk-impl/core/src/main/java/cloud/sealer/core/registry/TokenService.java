package cloud.sealer.core.registry;

import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.ErrorCode;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * Gets access tokens from the service a bearer challenge names, as the <a
 * href="https://distribution.github.io/distribution/spec/auth/token/">token</a> and <a
 * href="https://distribution.github.io/distribution/spec/auth/oauth/">OAuth 2</a> pages of docker
 * distribution describe.
 */
final class TokenService {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_ANSWER = 1024 * 1024;
  private static final long DEFAULT_LIFETIME = 60;
  private static final long MAX_LIFETIME = Duration.ofDays(1).toSeconds();
  private static final String CLIENT_ID = "sealer-sdk-java";

  private final Redirects redirects;
  private final Addresses addresses;
  private final Clock clock;

  TokenService(Redirects redirects, Addresses addresses, Clock clock) {
    this.redirects = redirects;
    this.addresses = addresses;
    this.clock = clock;
  }

  /**
   * Gets a token.
   *
   * @param registry the URL that gave the challenge
   * @param credentials who to be; empty to be nobody
   */
  Token token(URI registry, Challenge challenge, Scope scope, Optional<Credentials> credentials)
      throws IOException {
    URI realm =
        addresses.named(registry, challenge.parameter("realm").orElse(null), "WWW-Authenticate");
    List<String> scopes = scope.with(challenge.parameter("scope").orElse(""));
    boolean exchange = credentials.isPresent() && credentials.get().isIdentityToken();
    Call call =
        exchange
            ? exchange(realm, challenge, scopes, credentials.get().secret())
            : get(realm, challenge, scopes, credentials);
    Optional<Authorization> authorization =
        exchange ? Optional.empty() : credentials.map(known -> basic(Origin.of(realm), known));
    Instant asked = clock.instant();
    try (Answer answer = redirects.send(call, authorization, Origin.of(registry))) {
      if (!answer.isOk()) {
        throw refused(answer, scope, credentials.isPresent());
      }
      return parse(answer, asked);
    }
  }

  static Authorization basic(Origin origin, Credentials credentials) {
    String pair = credentials.username() + ":" + credentials.secret();
    String encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return new Authorization(origin, "Basic " + encoded);
  }

  private static Call get(
      URI realm, Challenge challenge, List<String> scopes, Optional<Credentials> credentials) {
    Form query = new Form();
    challenge.parameter("service").ifPresent(service -> query.add("service", service));
    scopes.forEach(scope -> query.add("scope", scope));
    credentials.ifPresent(known -> query.add("account", known.username()));
    String separator = realm.getRawQuery() == null ? "?" : "&";
    return Call.of("GET", URI.create(realm + (query.isEmpty() ? "" : separator + query)));
  }

  private static Call exchange(
      URI realm, Challenge challenge, List<String> scopes, String identityToken) {
    Form form = new Form();
    form.add("grant_type", "refresh_token");
    form.add("client_id", CLIENT_ID);
    challenge.parameter("service").ifPresent(service -> form.add("service", service));
    form.add("scope", String.join(" ", scopes));
    form.add("refresh_token", identityToken);
    return Call.of("POST", realm)
        .body(new StringEntity(form.toString(), ContentType.APPLICATION_FORM_URLENCODED));
  }

  private static Token parse(Answer answer, Instant asked) throws IOException {
    JsonNode json;
    try {
      json = JSON.readTree(answer.read(MAX_ANSWER));
    } catch (JsonProcessingException e) {
      // Without the cause: it would quote the answer, which may hold a token.
      throw unusable(answer);
    }
    String value = json.path("token").asText("");
    if (value.isEmpty()) {
      value = json.path("access_token").asText("");
    }
    if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw unusable(answer);
    }
    long seconds = json.path("expires_in").asLong(DEFAULT_LIFETIME);
    long lifetime = seconds <= 0 ? DEFAULT_LIFETIME : Math.min(seconds, MAX_LIFETIME);
    return new Token(value, asked, Duration.ofSeconds(lifetime));
  }

  private static RegistryFailure unusable(Answer answer) {
    return RegistryFailure.of(
        ErrorCode.REGISTRY_ERROR, "the answer to " + answer.request() + " holds no token");
  }

  private RegistryFailure refused(Answer answer, Scope scope, boolean known) {
    RegistryFailure failure =
        StatusFailures.of(answer, scope.registry(), ErrorCode.REGISTRY_ERROR, clock.instant());
    // OAuth 2 answers a bad refresh token with 400 invalid_grant.
    if (known && answer.status() == 400) {
      return StatusFailures.unauthorized(String.valueOf(failure.getMessage()), scope.registry());
    }
    return failure;
  }

  /** Collects the fields of a form or query. */
  private static final class Form {
    private final StringJoiner fields = new StringJoiner("&");

    void add(String name, String value) {
      fields.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    boolean isEmpty() {
      return fields.length() == 0;
    }

    @Override
    public String toString() {
      return fields.toString();
    }
  }
}
