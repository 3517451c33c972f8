package cloud.sealer.kubernetes.kubeadm;

import cloud.sealer.sdk.Secret;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a node shows and checks when it joins a cluster. Immutable. */
public final class JoinCredentials {
  private final Secret token;
  private final String caCertHash;
  private final @Nullable Secret certificateKey;

  /**
   * The credentials of a worker, or of a control plane too.
   *
   * @param token the bootstrap token, such as {@code abcdef.0123456789abcdef}
   * @param caCertHash the hash of the cluster's CA: {@code sha256:} and hexadecimal digits
   * @param certificateKey decrypts the certificates that control planes share; null for workers
   */
  public JoinCredentials(Secret token, String caCertHash, @Nullable Secret certificateKey) {
    this.token = Objects.requireNonNull(token, "token");
    this.caCertHash = Objects.requireNonNull(caCertHash, "caCertHash");
    this.certificateKey = certificateKey;
  }

  /** The bootstrap token. */
  public Secret token() {
    return token;
  }

  /** The hash of the cluster's CA. */
  public String caCertHash() {
    return caCertHash;
  }

  /** Decrypts the certificates that control planes share; empty if none joins. */
  public Optional<Secret> certificateKey() {
    return Optional.ofNullable(certificateKey);
  }
}
