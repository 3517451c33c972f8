package cloud.sealer.sdk;

import java.util.Objects;

/**
 * A name and a password, or an identity token, for one registry.
 *
 * <p>Not a record, and {@link #toString} hides the secret, so that none ends up in a log.
 */
public final class Credentials {
  private final String username;
  private final String secret;
  private final boolean token;

  private Credentials(String username, String secret, boolean token) {
    this.username = Objects.requireNonNull(username, "username");
    this.secret = Objects.requireNonNull(secret, "secret");
    this.token = token;
  }

  /**
   * A name and a password.
   *
   * @param username the name
   * @param password the password
   * @return the credentials
   */
  public static Credentials basic(String username, String password) {
    return new Credentials(username, password, false);
  }

  /**
   * An identity token, which an authorization server exchanges for access (OAuth 2 refresh token).
   *
   * @param token the token
   * @return the credentials
   */
  public static Credentials identityToken(String token) {
    return new Credentials("", token, true);
  }

  /**
   * The name.
   *
   * @return the name; empty for an identity token
   */
  public String username() {
    return username;
  }

  /**
   * The password or token.
   *
   * @return the secret
   */
  public String secret() {
    return secret;
  }

  /**
   * Whether the secret is an identity token.
   *
   * @return false for a password
   */
  public boolean isIdentityToken() {
    return token;
  }

  /** Returns the name without the secret. */
  @Override
  public String toString() {
    return token ? "identity token" : username + ":***";
  }
}
