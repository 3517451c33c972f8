package cloud.sealer.core.registry;

import cloud.sealer.sdk.CredentialProvider;
import cloud.sealer.sdk.Credentials;
import java.io.IOException;
import java.util.Optional;

/** Knows who to be at a registry, for the {@link Authenticator}. */
interface CredentialSource {
  /** The credentials; empty to be nobody. */
  Optional<Credentials> credentials(String registry) throws IOException, InterruptedException;

  /** Told that a registry refused them, so that they are looked up anew the next time. */
  void refused(String registry);

  /** One that is asked before another. */
  static CredentialSource first(CredentialProvider provider, CredentialSource rest) {
    return new CredentialSource() {
      @Override
      public Optional<Credentials> credentials(String registry)
          throws IOException, InterruptedException {
        Optional<Credentials> given = provider.credentials(registry);
        return given.isPresent() ? given : rest.credentials(registry);
      }

      @Override
      public void refused(String registry) {
        rest.refused(registry);
      }
    };
  }

  /** Always the same. */
  static CredentialSource fixed(Credentials credentials) {
    return new CredentialSource() {
      @Override
      public Optional<Credentials> credentials(String registry) {
        return Optional.of(credentials);
      }

      @Override
      public void refused(String registry) {
        // They stay what they are.
      }
    };
  }
}
