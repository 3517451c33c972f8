package cloud.sealer.sdk;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How registries are reached, for every part of the library alike: base images, pull, push and the
 * collection of container images. Immutable.
 *
 * <p>By default registries are asked anonymously, over HTTPS, directly, with the authorities the
 * JVM trusts. What differs for one of them is a {@link RegistryHost}. Nothing comes from the
 * environment.
 */
public final class RegistryOptions {
  /** The defaults. */
  public static final RegistryOptions DEFAULT = builder().build();

  private final Map<String, RegistryHost> hosts;
  private final @Nullable Path certificates;
  private final @Nullable HttpProxy proxy;
  private final Set<String> noProxy;
  private final CredentialProvider credentials;
  private final @Nullable Path dockerConfig;
  private final int attempts;
  private final Duration retryDelay;
  private final Duration connectTimeout;
  private final Duration readTimeout;

  private RegistryOptions(Builder builder) {
    hosts = Collections.unmodifiableMap(new TreeMap<>(builder.hosts));
    certificates = builder.certificates;
    proxy = builder.proxy;
    noProxy = Collections.unmodifiableSet(new TreeSet<>(builder.noProxy));
    credentials = builder.credentials;
    dockerConfig = builder.dockerConfig;
    attempts = builder.attempts;
    retryDelay = builder.retryDelay;
    connectTimeout = builder.connectTimeout;
    readTimeout = builder.readTimeout;
  }

  /**
   * The same settings, to be changed.
   *
   * @return a builder with all of them
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.hosts.putAll(hosts);
    builder.noProxy.addAll(noProxy);
    builder.certificates = certificates;
    builder.proxy = proxy;
    builder.credentials = credentials;
    builder.dockerConfig = dockerConfig;
    builder.attempts = attempts;
    builder.retryDelay = retryDelay;
    builder.connectTimeout = connectTimeout;
    builder.readTimeout = readTimeout;
    return builder;
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
   * The registries with settings of their own.
   *
   * @return the settings by host, in lower case, with port if there is one
   */
  public Map<String, RegistryHost> hosts() {
    return hosts;
  }

  /**
   * Where certificates lie, as in docker's {@code /etc/docker/certs.d}.
   *
   * @return the directory; empty for none
   */
  public Optional<Path> certificates() {
    return Optional.ofNullable(certificates);
  }

  /**
   * The proxy for all registries that have none of their own.
   *
   * @return the proxy; empty to go directly
   */
  public Optional<HttpProxy> proxy() {
    return Optional.ofNullable(proxy);
  }

  /**
   * What {@link #proxy} is not for.
   *
   * @return patterns as {@link Builder#noProxy} takes them, sorted
   */
  public Set<String> noProxy() {
    return noProxy;
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
    private final Map<String, RegistryHost> hosts = new TreeMap<>();
    private final Set<String> noProxy = new TreeSet<>();
    private @Nullable Path certificates;
    private @Nullable HttpProxy proxy;
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
      return host(host(registry).plainHttp(true).build());
    }

    /**
     * Starts changes of what is set for one registry so far.
     *
     * @param registry its host, with port if there is one
     * @return a builder with those settings, to be given back to {@link #host(RegistryHost)}
     */
    public RegistryHost.Builder host(String registry) {
      RegistryHost known = hosts.get(registry.toLowerCase(Locale.ROOT));
      return known == null ? RegistryHost.builder(registry) : known.toBuilder();
    }

    /**
     * Sets how one registry is reached, in place of what was set for it before.
     *
     * @param settings the settings
     * @return this builder
     */
    public Builder host(RegistryHost settings) {
      hosts.put(settings.host().toLowerCase(Locale.ROOT), settings);
      return this;
    }

    /**
     * Takes certificates from a directory that is laid out as docker's {@code /etc/docker/certs.d}:
     * for a registry {@code HOST}, the files {@code DIRECTORY/HOST/*.crt} are authorities to trust,
     * and {@code DIRECTORY/HOST/NAME.cert} with {@code NAME.key} are a client certificate. Files of
     * that kind in the directory itself count for every registry, as in skopeo's {@code
     * --cert-dir}. They come beside those of a {@link RegistryHost}, whose client certificate wins.
     * Read when a registry is first asked.
     *
     * @param directory the directory; null for none
     * @return this builder
     */
    public Builder certificates(@Nullable Path directory) {
      this.certificates = directory;
      return this;
    }

    /**
     * Goes through a proxy to all registries that have none of their own, and to the servers they
     * lead to.
     *
     * @param proxy the proxy; null to go directly
     * @return this builder
     */
    public Builder proxy(@Nullable HttpProxy proxy) {
      this.proxy = proxy;
      return this;
    }

    /**
     * Goes directly to some hosts. A pattern is a host, which stands for all below it too; {@code
     * .example.com} for those below it only; an address or a range of them such as {@code
     * 10.0.0.0/8}; each but the range with a port if wanted; or {@code *} for all. No name is
     * looked up for it.
     *
     * @param patterns the patterns
     * @return this builder
     */
    public Builder noProxy(String... patterns) {
      for (String pattern : patterns) {
        if (!pattern.isBlank()) {
          noProxy.add(pattern.strip().toLowerCase(Locale.ROOT));
        }
      }
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
