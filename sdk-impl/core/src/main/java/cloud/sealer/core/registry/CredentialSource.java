package cloud.sealer.core.registry;

import cloud.sealer.sdk.Credentials;
import java.io.IOException;
import java.util.Optional;

/** Knows who to be at a registry, for the {@link Authenticator}. */
interface CredentialSource {
  /** The credentials; empty to be nobody. */
  Optional<Credentials> credentials(String registry) throws IOException, InterruptedException;

  /** Told that a registry refused them, so that they are looked up anew the next time. */
  void refused(String registry);

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
