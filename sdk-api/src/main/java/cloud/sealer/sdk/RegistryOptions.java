package cloud.sealer.sdk;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How registries are reached, for every part of the library alike. Immutable.
 *
 * <p>By default registries are asked anonymously, over HTTPS, with the certificates the JVM trusts.
 */
public final class RegistryOptions {
  /** The defaults. */
  public static final RegistryOptions DEFAULT = builder().build();

  private final Set<String> plainHttp;
  private final CredentialProvider credentials;
  private final @Nullable Path dockerConfig;
  private final int attempts;
  private final Duration retryDelay;
  private final Duration connectTimeout;
  private final Duration readTimeout;

  private RegistryOptions(Builder builder) {
    plainHttp = Set.copyOf(builder.plainHttp);
    credentials = builder.credentials;
    dockerConfig = builder.dockerConfig;
    attempts = builder.attempts;
    retryDelay = builder.retryDelay;
    connectTimeout = builder.connectTimeout;
    readTimeout = builder.readTimeout;
  }

  /**
   * Starts options.
   *
   * @return a builder with the defaults
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The registries that are asked over plain HTTP.
   *
   * @return hosts, with port if there is one
   */
  public Set<String> plainHttp() {
    return plainHttp;
  }

  /**
   * Who to be at each registry.
   *
   * @return the provider; asked before the docker configuration
   */
  public CredentialProvider credentials() {
    return credentials;
  }

  /**
   * The docker configuration to take credentials from.
   *
   * @return the file {@code config.json}, which need not exist; empty to use none
   */
  public Optional<Path> dockerConfig() {
    return Optional.ofNullable(dockerConfig);
  }

  /**
   * How often a request is tried.
   *
   * @return the number of tries, at least 1
   */
  public int attempts() {
    return attempts;
  }

  /**
   * How long to wait after the first failed try; doubled after each further one.
   *
   * @return the delay
   */
  public Duration retryDelay() {
    return retryDelay;
  }

  /**
   * How long a connection may take to open.
   *
   * @return the limit
   */
  public Duration connectTimeout() {
    return connectTimeout;
  }

  /**
   * How long a server may send nothing.
   *
   * @return the limit
   */
  public Duration readTimeout() {
    return readTimeout;
  }

  /** Collects {@link RegistryOptions}. Not thread-safe. */
  public static final class Builder {
    private final Set<String> plainHttp = new TreeSet<>();
    private CredentialProvider credentials = CredentialProvider.ANONYMOUS;
    private @Nullable Path dockerConfig;
    private int attempts = 5;
    private Duration retryDelay = Duration.ofMillis(500);
    private Duration connectTimeout = Duration.ofSeconds(15);
    private Duration readTimeout = Duration.ofSeconds(60);

    private Builder() {}

    /**
     * Allows plain HTTP at one registry.
     *
     * @param registry its host, with port if there is one, such as {@code 127.0.0.1:5000}
     * @return this builder
     */
    public Builder plainHttp(String registry) {
      plainHttp.add(Objects.requireNonNull(registry, "registry"));
      return this;
    }

    /**
     * Sets who to be at each registry.
     *
     * @param provider the provider
     * @return this builder
     */
    public Builder credentials(CredentialProvider provider) {
      this.credentials = Objects.requireNonNull(provider, "provider");
      return this;
    }

    /**
     * Takes credentials from a docker configuration.
     *
     * @param file the file {@code config.json}, which need not exist; null to use none
     * @return this builder
     */
    public Builder dockerConfig(@Nullable Path file) {
      this.dockerConfig = file;
      return this;
    }

    /**
     * Sets how often a request is tried.
     *
     * @param attempts the number of tries, at least 1
     * @return this builder
     */
    public Builder attempts(int attempts) {
      if (attempts < 1) {
        throw new IllegalArgumentException("attempts must be at least 1, got " + attempts);
      }
      this.attempts = attempts;
      return this;
    }

    /**
     * Sets how long to wait after the first failed try.
     *
     * @param delay the delay, doubled after each further try
     * @return this builder
     */
    public Builder retryDelay(Duration delay) {
      this.retryDelay = Objects.requireNonNull(delay, "delay");
      return this;
    }

    /**
     * Sets how long a connection may take to open.
     *
     * @param timeout the limit
     * @return this builder
     */
    public Builder connectTimeout(Duration timeout) {
      this.connectTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * Sets how long a server may send nothing.
     *
     * @param timeout the limit
     * @return this builder
     */
    public Builder readTimeout(Duration timeout) {
      this.readTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * Makes the options.
     *
     * @return the options
     */
    public RegistryOptions build() {
      return new RegistryOptions(this);
    }
  }
}
