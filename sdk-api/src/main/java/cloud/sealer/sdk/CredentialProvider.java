package cloud.sealer.sdk;

import java.util.Optional;

/** Knows who to be at a registry. Implementations are thread-safe. */
@FunctionalInterface
public interface CredentialProvider {
  /** Is nobody everywhere. */
  CredentialProvider ANONYMOUS = registry -> Optional.empty();

  /**
   * Credentials for a registry.
   *
   * @param registry its host, with port if there is one
   * @return the credentials; empty to be nobody
   */
  Optional<Credentials> credentials(String registry);
}
