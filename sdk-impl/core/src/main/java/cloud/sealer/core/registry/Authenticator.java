package cloud.sealer.core.registry;

import cloud.sealer.sdk.Credentials;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Proves to registries who we are. A registry is asked plainly first; what it challenges with is
 * remembered, so later requests carry their header at once. Tokens are kept by scope until shortly
 * before they expire.
 */
final class Authenticator {
  private final TokenService tokens;
  private final CredentialSource credentials;
  private final Clock clock;
  private final Map<String, Challenged> challenges = new ConcurrentHashMap<>();
  private final Map<Scope, Slot> slots = new ConcurrentHashMap<>();

  Authenticator(TokenService tokens, CredentialSource credentials, Clock clock) {
    this.tokens = tokens;
    this.credentials = credentials;
    this.clock = clock;
  }

  /** What a registry asked for, and where. */
  private record Challenged(URI uri, Challenge challenge) {}

  /** The token of a scope. Many threads need the same one at the same time; one of them gets it. */
  private static final class Slot {
    final ReentrantLock lock = new ReentrantLock();
    @Nullable Token token;
  }

  /** What a request of the scope should carry, as far as is known. */
  Optional<Authorization> authorization(Scope scope) throws IOException, InterruptedException {
    Challenged challenged = challenges.get(scope.registry());
    if (challenged == null) {
      return Optional.empty();
    }
    Origin origin = Origin.of(challenged.uri());
    if (challenged.challenge().scheme().equals("basic")) {
      return credentials
          .credentials(scope.registry())
          .filter(known -> !known.isIdentityToken())
          .map(known -> TokenService.basic(origin, known));
    }
    Token token = token(scope, challenged);
    return Optional.of(new Authorization(origin, "Bearer " + token.value()));
  }

  /**
   * Takes in that a request was answered with 401.
   *
   * @param refused what the request carried
   * @return whether another request could carry something better
   */
  boolean challenged(Scope scope, Answer answer, Optional<Authorization> refused)
      throws IOException, InterruptedException {
    List<Challenge> offered = Challenge.parse(answer.headers("WWW-Authenticate"));
    Optional<Challenge> chosen =
        offered.stream()
            .filter(c -> c.scheme().equals("bearer") && c.parameter("realm").isPresent())
            .findFirst()
            .or(() -> offered.stream().filter(c -> c.scheme().equals("basic")).findFirst());
    if (chosen.isEmpty()) {
      return false;
    }
    challenges.put(scope.registry(), new Challenged(answer.uri(), chosen.get()));
    if (chosen.get().scheme().equals("bearer")) {
      if (refused.isPresent()) {
        drop(scope, refused.get());
      }
      return true;
    }
    if (refused.isPresent() && refused.get().isBasic()) {
      credentials.refused(scope.registry());
    }
    Optional<Authorization> next = authorization(scope);
    return next.isPresent()
        && !next.map(Authorization::header).equals(refused.map(Authorization::header));
  }

  private Token token(Scope scope, Challenged challenged) throws IOException, InterruptedException {
    Slot slot = slots.computeIfAbsent(scope, unused -> new Slot());
    slot.lock.lockInterruptibly();
    try {
      Token token = slot.token;
      if (token == null || !token.isGood(clock.instant())) {
        token = fetch(scope, challenged);
        slot.token = token;
      }
      return token;
    } finally {
      slot.lock.unlock();
    }
  }

  private Token fetch(Scope scope, Challenged challenged) throws IOException, InterruptedException {
    Optional<Credentials> known = credentials.credentials(scope.registry());
    try {
      return tokens.token(challenged.uri(), challenged.challenge(), scope, known);
    } catch (RegistryFailure e) {
      if (StatusFailures.isUnauthorized(e)) {
        credentials.refused(scope.registry());
      }
      throw e;
    }
  }

  /** Forgets a refused token, unless another thread has replaced it already. */
  private void drop(Scope scope, Authorization refused) throws InterruptedException {
    Slot slot = slots.get(scope);
    if (slot == null) {
      return;
    }
    slot.lock.lockInterruptibly();
    try {
      Token token = slot.token;
      if (token != null && refused.header().equals("Bearer " + token.value())) {
        slot.token = null;
      }
    } finally {
      slot.lock.unlock();
    }
  }
}
