package cloud.sealer.sdk;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to log in to hosts, as a Clusterfile says it. What is not set is taken from the options of
 * the whole cluster, and then from the defaults. Immutable.
 *
 * <p>Secrets are better given by a {@link SecretProvider}; those that stand here are never written
 * anywhere.
 */
public final class SshOptions {
  /** Nothing set. */
  public static final SshOptions NONE = builder().build();

  /** The user if none is set. */
  public static final String DEFAULT_USER = "root";

  /** The port if none is set. */
  public static final int DEFAULT_PORT = 22;

  private final @Nullable String user;
  private final int port;
  private final @Nullable Secret password;
  private final @Nullable Path privateKey;
  private final @Nullable Secret passphrase;

  private SshOptions(Builder builder) {
    user = builder.user;
    port = builder.port;
    password = builder.password;
    privateKey = builder.privateKey;
    passphrase = builder.passphrase;
  }

  /**
   * Starts options.
   *
   * @return a builder with nothing set
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The user to log in as.
   *
   * @return the name; empty if not set
   */
  public Optional<String> user() {
    return Optional.ofNullable(user);
  }

  /**
   * The port of the SSH server.
   *
   * @return the port; 0 if not set
   */
  public int port() {
    return port;
  }

  /**
   * The user's password.
   *
   * @return the password; empty if not set
   */
  public Optional<Secret> password() {
    return Optional.ofNullable(password);
  }

  /**
   * The user's private key: RSA, ECDSA or Ed25519, in the format of OpenSSH, PKCS #1 or PKCS #8.
   *
   * @return the file; empty if not set
   */
  public Optional<Path> privateKey() {
    return Optional.ofNullable(privateKey);
  }

  /**
   * The passphrase of the private key.
   *
   * @return the passphrase; empty if not set
   */
  public Optional<Secret> passphrase() {
    return Optional.ofNullable(passphrase);
  }

  /**
   * Fills what is not set here.
   *
   * @param defaults what to take instead
   * @return new options
   */
  public SshOptions orElse(SshOptions defaults) {
    Builder merged = builder();
    merged.user = user != null ? user : defaults.user;
    merged.port = port != 0 ? port : defaults.port;
    merged.password = password != null ? password : defaults.password;
    merged.privateKey = privateKey != null ? privateKey : defaults.privateKey;
    merged.passphrase = passphrase != null ? passphrase : defaults.passphrase;
    return merged.build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SshOptions options
        && Objects.equals(user, options.user)
        && port == options.port
        && Objects.equals(password, options.password)
        && Objects.equals(privateKey, options.privateKey)
        && Objects.equals(passphrase, options.passphrase);
  }

  @Override
  public int hashCode() {
    return Objects.hash(user, port, password, privateKey, passphrase);
  }

  /** Returns what is set, without the secrets. */
  @Override
  public String toString() {
    return "SshOptions[user=" + user + ", port=" + port + ", privateKey=" + privateKey + "]";
  }

  /** Collects {@link SshOptions}. Not thread-safe. */
  public static final class Builder {
    private @Nullable String user;
    private int port;
    private @Nullable Secret password;
    private @Nullable Path privateKey;
    private @Nullable Secret passphrase;

    private Builder() {}

    /**
     * Sets the user to log in as. One other than root works through {@code sudo}.
     *
     * @param name the name
     * @return this builder
     */
    public Builder user(String name) {
      this.user = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Sets the port of the SSH server.
     *
     * @param port the port, from 1 to 65535
     * @return this builder
     */
    public Builder port(int port) {
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("a port is from 1 to 65535, got " + port);
      }
      this.port = port;
      return this;
    }

    /**
     * Sets the user's password.
     *
     * @param password the password
     * @return this builder
     */
    public Builder password(Secret password) {
      this.password = Objects.requireNonNull(password, "password");
      return this;
    }

    /**
     * Sets the user's private key.
     *
     * @param file the file
     * @return this builder
     */
    public Builder privateKey(Path file) {
      this.privateKey = Objects.requireNonNull(file, "file");
      return this;
    }

    /**
     * Sets the passphrase of the private key.
     *
     * @param passphrase the passphrase
     * @return this builder
     */
    public Builder passphrase(Secret passphrase) {
      this.passphrase = Objects.requireNonNull(passphrase, "passphrase");
      return this;
    }

    /**
     * Makes the options.
     *
     * @return the options
     */
    public SshOptions build() {
      return new SshOptions(this);
    }
  }
}
