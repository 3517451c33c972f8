package cloud.sealer.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says who may do what: everybody everything, one user everything, or who has a bearer token of the
 * <a href="https://distribution.github.io/distribution/spec/auth/token/">token specification</a>
 * what the token was given out for.
 */
final class Authority {
  /** How clients prove who they are. */
  enum Mode {
    NONE,
    BASIC,
    BEARER
  }

  static final String TOKEN_PATH = "/token";

  private final Mode mode;
  private final String user;
  private final String secret;
  private final Duration expiry;
  private final boolean anonymousPull;
  private final Clock clock = Clock.systemUTC();
  private final Map<String, Token> tokens = new ConcurrentHashMap<>();

  private record Token(Instant expires, Set<String> scopes) {}

  Authority(Mode mode, String user, String secret, Duration expiry, boolean anonymousPull) {
    this.mode = mode;
    this.user = user;
    this.secret = secret;
    this.expiry = expiry;
    this.anonymousPull = anonymousPull;
  }

  void expireTokens() {
    tokens.clear();
  }

  /** Whether a request may go on; if not it has been answered. */
  boolean admits(Call call, String repository, String address) throws IOException {
    String scope = scope(call, repository);
    boolean admitted =
        switch (mode) {
          case NONE -> true;
          case BASIC -> isUser(call.header("Authorization"));
          case BEARER -> hasToken(call.header("Authorization"), scope);
        };
    if (!admitted) {
      call.set("WWW-Authenticate", challenge(scope, address))
          .reply(new RegistryError(401, "UNAUTHORIZED", "authentication required"));
    }
    return admitted;
  }

  /** Whether the holder of a token may take blobs from another repository. */
  boolean mayPull(Call call, String repository) {
    return mode != Mode.BEARER
        || hasToken(call.header("Authorization"), "repository:" + repository + ":pull");
  }

  private String scope(Call call, String repository) {
    if (repository.isEmpty()) {
      return "";
    }
    String action =
        switch (call.method()) {
          case "GET", "HEAD" -> "pull";
          case "DELETE" -> "delete";
          default -> "pull,push";
        };
    return "repository:" + repository + ":" + action;
  }

  private String challenge(String scope, String address) {
    if (mode == Mode.BASIC) {
      return "Basic realm=\"embedded registry\"";
    }
    return "Bearer realm=\"http://"
        + address
        + TOKEN_PATH
        + "\",service=\"embedded-registry\""
        + (scope.isEmpty() ? "" : ",scope=\"" + scope + "\"");
  }

  private boolean isUser(String authorization) {
    if (!authorization.toLowerCase(Locale.ROOT).startsWith("basic ")) {
      return false;
    }
    String expected = user + ":" + secret;
    try {
      byte[] given = Base64.getDecoder().decode(authorization.substring(6).strip());
      return new String(given, StandardCharsets.UTF_8).equals(expected);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private boolean hasToken(String authorization, String scope) {
    if (!authorization.toLowerCase(Locale.ROOT).startsWith("bearer ")) {
      return false;
    }
    Token token = tokens.get(authorization.substring(7).strip());
    return token != null
        && clock.instant().isBefore(token.expires())
        && token.scopes().containsAll(actions(scope));
  }

  /** Each action of a scope as a scope of its own. */
  private static Set<String> actions(String scope) {
    Set<String> single = new TreeSet<>();
    int colon = scope.lastIndexOf(':');
    if (colon > 0) {
      for (String action : scope.substring(colon + 1).split(",")) {
        single.add(scope.substring(0, colon + 1) + action);
      }
    }
    return single;
  }

  /** The token endpoint, in its {@code GET} form and in the OAuth 2 form. */
  void giveToken(Call call) throws IOException {
    boolean known;
    List<String> wanted;
    if (call.method().equals("POST")) {
      String form = new String(call.body().readAllBytes(), StandardCharsets.UTF_8);
      known = isKnown(form);
      wanted = Call.parameters(form, "scope");
    } else {
      known = isUser(call.header("Authorization"));
      wanted = call.parameters("scope");
    }
    boolean nobody = call.method().equals("GET") && call.header("Authorization").isEmpty();
    if (!known && !(nobody && anonymousPull)) {
      call.reply(new RegistryError(401, "UNAUTHORIZED", "wrong name or password"));
      return;
    }
    Set<String> scopes = new TreeSet<>();
    for (String scope : wanted) {
      for (String one : scope.split(" ")) {
        scopes.addAll(actions(one));
      }
    }
    if (!known) {
      scopes.removeIf(scope -> !scope.endsWith(":pull"));
    }
    String token = UUID.randomUUID().toString();
    Instant now = clock.instant();
    tokens.put(token, new Token(now.plus(expiry), scopes));
    String quoted = JsonText.quoted(token);
    call.reply(
        200,
        "{\"token\":"
            + quoted
            + ",\"access_token\":"
            + quoted
            + ",\"expires_in\":"
            + Math.max(1, expiry.toSeconds())
            + ",\"issued_at\":\""
            + now
            + "\"}");
  }

  private boolean isKnown(String form) {
    String grant = String.join("", Call.parameters(form, "grant_type"));
    if (grant.equals("refresh_token")) {
      return Call.parameters(form, "refresh_token").equals(List.of(secret));
    }
    return Call.parameters(form, "username").equals(List.of(user))
        && Call.parameters(form, "password").equals(List.of(secret));
  }
}
