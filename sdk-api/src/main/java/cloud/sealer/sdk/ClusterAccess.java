package cloud.sealer.sdk;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The running cluster that a build looks at, and how long it waits for its workloads. Immutable.
 *
 * <p>A build of {@link BuildMode#LOCAL} needs the kubeconfig. One of {@link BuildMode#CONTAINER} or
 * {@link BuildMode#CLOUD} makes the cluster itself, so only the times count there.
 */
public final class ClusterAccess {
  /** No kubeconfig, and the usual times. */
  public static final ClusterAccess DEFAULT = builder().build();

  private final @Nullable Path kubeconfig;
  private final @Nullable String context;
  private final Duration settleTimeout;
  private final Duration quietPeriod;

  private ClusterAccess(Builder builder) {
    kubeconfig = builder.kubeconfig;
    context = builder.context;
    settleTimeout = builder.settleTimeout;
    quietPeriod = builder.quietPeriod;
  }

  /**
   * Starts with nothing but the defaults.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The cluster of a kubeconfig, with the usual times.
   *
   * @param file the kubeconfig, which must name an API server that this machine reaches
   * @return the access
   */
  public static ClusterAccess kubeconfig(Path file) {
    return builder().kubeconfig(file).build();
  }

  /**
   * The kubeconfig.
   *
   * @return the file; empty if none was given
   */
  public Optional<Path> kubeconfig() {
    return Optional.ofNullable(kubeconfig);
  }

  /**
   * The context within the kubeconfig.
   *
   * @return its name; empty for the current one
   */
  public Optional<String> context() {
    return Optional.ofNullable(context);
  }

  /**
   * How long the workloads may take to come to rest.
   *
   * @return the limit, 10 minutes by default
   */
  public Duration settleTimeout() {
    return settleTimeout;
  }

  /**
   * How long nothing may change before the workloads count as at rest. An operator needs a moment
   * before it makes the next object.
   *
   * @return the time, 15 seconds by default
   */
  public Duration quietPeriod() {
    return quietPeriod;
  }

  /** Collects a {@link ClusterAccess}. Not thread-safe. */
  public static final class Builder {
    private @Nullable Path kubeconfig;
    private @Nullable String context;
    private Duration settleTimeout = Duration.ofMinutes(10);
    private Duration quietPeriod = Duration.ofSeconds(15);

    private Builder() {}

    /**
     * Sets the kubeconfig.
     *
     * @param file the file
     * @return this builder
     */
    public Builder kubeconfig(Path file) {
      this.kubeconfig = Objects.requireNonNull(file, "file");
      return this;
    }

    /**
     * Sets the context within the kubeconfig.
     *
     * @param name its name
     * @return this builder
     */
    public Builder context(String name) {
      this.context = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Sets how long the workloads may take to come to rest.
     *
     * @param limit the limit, more than zero
     * @return this builder
     */
    public Builder settleTimeout(Duration limit) {
      if (limit.isNegative() || limit.isZero()) {
        throw new IllegalArgumentException("a time limit is more than zero, got " + limit);
      }
      this.settleTimeout = limit;
      return this;
    }

    /**
     * Sets how long nothing may change before the workloads count as at rest.
     *
     * @param period the time, not negative
     * @return this builder
     */
    public Builder quietPeriod(Duration period) {
      if (period.isNegative()) {
        throw new IllegalArgumentException("a time is not negative, got " + period);
      }
      this.quietPeriod = period;
      return this;
    }

    /**
     * Makes the access.
     *
     * @return the access
     */
    public ClusterAccess build() {
      return new ClusterAccess(this);
    }
  }
}
