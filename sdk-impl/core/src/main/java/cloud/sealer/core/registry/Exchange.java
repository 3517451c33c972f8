package cloud.sealer.core.registry;

import java.io.IOException;
import java.util.Optional;

/** Sends calls to registries with what they need to be allowed: one try, one answer. */
final class Exchange {
  private final Redirects redirects;
  private final Authenticator authenticator;

  Exchange(Redirects redirects, Authenticator authenticator) {
    this.redirects = redirects;
    this.authenticator = authenticator;
  }

  /**
   * Sends a call, and once more if the registry challenges it.
   *
   * @return the answer, whatever its status, to be closed by the caller
   */
  Answer send(Call call, Scope scope) throws IOException, InterruptedException {
    Optional<Authorization> authorization = authenticator.authorization(scope);
    Answer answer = redirects.send(call, authorization);
    // An object store that a redirect led to has no say in who we are at the registry.
    boolean challenged =
        answer.status() == 401 && !answer.isForeign() && challenged(scope, answer, authorization);
    return challenged ? redirects.send(call, authenticator.authorization(scope)) : answer;
  }

  private boolean challenged(Scope scope, Answer answer, Optional<Authorization> refused)
      throws IOException, InterruptedException {
    try {
      boolean again = authenticator.challenged(scope, answer, refused);
      if (again) {
        answer.discard();
      }
      return again;
    } catch (IOException | InterruptedException | RuntimeException e) {
      answer.close();
      throw e;
    }
  }
}
