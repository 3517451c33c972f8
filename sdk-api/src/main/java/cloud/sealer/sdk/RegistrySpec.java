package cloud.sealer.sdk;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster's own registry should be, where a Clusterfile says other than {@code
 * etc/registry.yml} of the image. Immutable.
 *
 * <p>The password is better given by a {@link SecretProvider}; one that stands here is never
 * written anywhere but to the hosts that need it.
 */
public final class RegistrySpec {
  /** Nothing set. */
  public static final RegistrySpec NONE = builder().build();

  private static final Pattern DOMAIN =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
  private static final int MAX_PORT = 65535;

  private final @Nullable HostAddress host;
  private final @Nullable String domain;
  private final int port;
  private final @Nullable String username;
  private final @Nullable Secret password;

  private RegistrySpec(Builder builder) {
    host = builder.host;
    domain = builder.domain;
    port = builder.port;
    username = builder.username;
    password = builder.password;
  }

  /**
   * Starts a spec.
   *
   * @return a builder with nothing set
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts from this spec.
   *
   * @return a builder with everything that stands here
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.host = host;
    builder.domain = domain;
    builder.port = port;
    builder.username = username;
    builder.password = password;
    return builder;
  }

  /**
   * The host it runs on.
   *
   * @return a host of the cluster; empty if not set
   */
  public Optional<HostAddress> host() {
    return Optional.ofNullable(host);
  }

  /**
   * The name by which hosts know it.
   *
   * @return the name; empty if not set
   */
  public Optional<String> domain() {
    return Optional.ofNullable(domain);
  }

  /**
   * Its port.
   *
   * @return the port; 0 if not set
   */
  public int port() {
    return port;
  }

  /**
   * Who may use it.
   *
   * @return the name; empty if not set
   */
  public Optional<String> username() {
    return Optional.ofNullable(username);
  }

  /**
   * The password of {@link #username}.
   *
   * @return the password; empty if not set
   */
  public Optional<Secret> password() {
    return Optional.ofNullable(password);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RegistrySpec spec
        && Objects.equals(host, spec.host)
        && Objects.equals(domain, spec.domain)
        && port == spec.port
        && Objects.equals(username, spec.username)
        && Objects.equals(password, spec.password);
  }

  @Override
  public int hashCode() {
    return Objects.hash(host, domain, port, username, password);
  }

  /** Returns what is set, the password hidden. */
  @Override
  public String toString() {
    return "RegistrySpec[host="
        + host
        + ", domain="
        + domain
        + ", port="
        + port
        + ", username="
        + username
        + ", password="
        + password
        + "]";
  }

  /** Collects a {@link RegistrySpec}. Not thread-safe. */
  public static final class Builder {
    private @Nullable HostAddress host;
    private @Nullable String domain;
    private int port;
    private @Nullable String username;
    private @Nullable Secret password;

    private Builder() {}

    /**
     * Sets the host it runs on.
     *
     * @param address a host of the cluster
     * @return this builder
     */
    public Builder host(HostAddress address) {
      this.host = Objects.requireNonNull(address, "address");
      return this;
    }

    /**
     * Sets the name by which hosts know it.
     *
     * @param name a host name
     * @return this builder
     */
    public Builder domain(String name) {
      if (!DOMAIN.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "the domain of a registry must be a host name, got \"" + name + "\"");
      }
      this.domain = name;
      return this;
    }

    /**
     * Sets its port.
     *
     * @param number from 1 to 65535
     * @return this builder
     */
    public Builder port(int number) {
      if (number < 1 || number > MAX_PORT) {
        throw new IllegalArgumentException("a port is from 1 to 65535, got " + number);
      }
      this.port = number;
      return this;
    }

    /**
     * Sets who may use it.
     *
     * @param name the name
     * @return this builder
     */
    public Builder username(String name) {
      if (name.isEmpty() || name.indexOf(':') >= 0) {
        throw new IllegalArgumentException(
            "the username of a registry is not empty and has no colon, got \"" + name + "\"");
      }
      this.username = name;
      return this;
    }

    /**
     * Sets the password.
     *
     * @param secret the password of the user
     * @return this builder
     */
    public Builder password(Secret secret) {
      this.password = Objects.requireNonNull(secret, "secret");
      return this;
    }

    /**
     * Makes the spec.
     *
     * @return the spec
     */
    public RegistrySpec build() {
      return new RegistrySpec(this);
    }
  }
}
