package cloud.sealer.sdk;

import java.util.Optional;

/**
 * Gives secrets when they are needed, so that none stands in a {@link ClusterSpec} or on a command
 * line. Called from several threads.
 */
@FunctionalInterface
public interface SecretProvider {
  /** Has no secret. */
  SecretProvider NONE = (kind, host, user) -> Optional.empty();

  /** What a secret is for. */
  enum Kind {
    /** The password of an SSH user. */
    SSH_PASSWORD,
    /** The passphrase of an SSH user's private key. */
    SSH_KEY_PASSPHRASE,
    /** What {@code sudo} asks the user for; the SSH password is used if there is none. */
    SUDO_PASSWORD,
    /** The password of a user of the cluster's own registry; asked for the registry's host. */
    REGISTRY_PASSWORD
  }

  /**
   * Gives a secret.
   *
   * @param kind what it is for
   * @param host the host
   * @param user the user on that host
   * @return the secret; empty if there is none
   */
  Optional<Secret> secret(Kind kind, HostAddress host, String user);
}
