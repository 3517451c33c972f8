package cloud.sealer.aliyun;

import cloud.sealer.sdk.Secret;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The key pair that signs requests to the cloud. Immutable; its text has no secrets. */
public final class AccessKey {
  private final String id;
  private final Secret secret;
  private final @Nullable Secret token;

  private AccessKey(String id, Secret secret, @Nullable Secret token) {
    if (id.isBlank() || secret.reveal().isBlank()) {
      throw new IllegalArgumentException("an access key has an identifier and a secret");
    }
    this.id = id.strip();
    this.secret = secret;
    this.token = token;
  }

  /**
   * A permanent key.
   *
   * @param id the AccessKey ID
   * @param secret the AccessKey secret
   * @return the key
   */
  public static AccessKey of(String id, Secret secret) {
    return new AccessKey(id, secret, null);
  }

  /**
   * A temporary key of the Security Token Service.
   *
   * @param id the AccessKey ID
   * @param secret the AccessKey secret
   * @param token the security token
   * @return the key
   */
  public static AccessKey temporary(String id, Secret secret, Secret token) {
    return new AccessKey(id, secret, Objects.requireNonNull(token, "token"));
  }

  /**
   * The part that may be seen.
   *
   * @return the AccessKey ID
   */
  public String id() {
    return id;
  }

  Secret secret() {
    return secret;
  }

  Optional<Secret> token() {
    return Optional.ofNullable(token);
  }

  /** Returns the identifier alone. */
  @Override
  public String toString() {
    return "AccessKey[" + id + "]";
  }
}
