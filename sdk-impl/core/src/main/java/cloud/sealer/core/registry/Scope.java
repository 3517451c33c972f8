package cloud.sealer.core.registry;

import cloud.sealer.sdk.Reference;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a request needs to be allowed to do, in the words of the <a
 * href="https://distribution.github.io/distribution/spec/auth/scope/">token authentication
 * specification</a>. Tokens are kept by it.
 *
 * @param registry where
 * @param actions such as {@code repository:library/nginx:pull}; empty to be known only
 */
record Scope(String registry, List<String> actions) {
  Scope {
    actions = List.copyOf(actions);
  }

  static Scope pull(Reference reference) {
    return new Scope(reference.registry(), List.of(action(reference.repository(), "pull")));
  }

  static Scope push(Reference reference) {
    return new Scope(reference.registry(), List.of(action(reference.repository(), "pull,push")));
  }

  static Scope mount(Reference reference, String from) {
    return new Scope(
        reference.registry(),
        List.of(action(reference.repository(), "pull,push"), action(from, "pull")));
  }

  static Scope none(String registry) {
    return new Scope(registry, List.of());
  }

  /** The actions with those that a challenge asks for beside. */
  List<String> with(String challenged) {
    return Stream.concat(actions.stream(), Stream.of(challenged.split(" ", -1)))
        .filter(action -> !action.isBlank())
        .distinct()
        .toList();
  }

  private static String action(String repository, String verbs) {
    return "repository:" + repository + ":" + verbs;
  }
}
