package cloud.sealer.sdk;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a {@link Runner} works. Immutable. */
public final class RunOptions {
  /** The defaults. */
  public static final RunOptions DEFAULT = builder().build();

  /** What to do when a step fails on a host. */
  public enum OnFailure {
    /** Finish what is at work on other hosts, begin nothing new. */
    STOP,
    /**
     * Leave that host out and go on with the others, as long as the cluster can live without it.
     */
    CONTINUE,
    /** Stop, and undo what this call did. */
    ROLL_BACK
  }

  /** What {@link Runner#check} looks at. */
  public enum Checks {
    /** The hosts, and the health of the cluster where they are one. */
    ALL,
    /** The hosts only, as before they become a cluster. */
    HOSTS,
    /** The health of the cluster only; that they are none is found too. */
    CLUSTER
  }

  private final OnFailure onFailure;
  private final Checks checks;
  private final Set<String> ignoredFindings;
  private final int parallelHosts;
  private final SecretProvider secrets;
  private final ImagePolicy imagePolicy;
  private final EventListener listener;
  private final @Nullable Distribution distribution;

  private RunOptions(Builder builder) {
    onFailure = builder.onFailure;
    checks = builder.checks;
    ignoredFindings = Set.copyOf(builder.ignoredFindings);
    parallelHosts = builder.parallelHosts;
    secrets = builder.secrets;
    imagePolicy = builder.imagePolicy;
    listener = builder.listener;
    distribution = builder.distribution;
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
   * Starts from these options.
   *
   * @return a builder with everything that is set here
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.onFailure = onFailure;
    builder.checks = checks;
    builder.ignoredFindings = ignoredFindings;
    builder.parallelHosts = parallelHosts;
    builder.secrets = secrets;
    builder.imagePolicy = imagePolicy;
    builder.listener = listener;
    builder.distribution = distribution;
    return builder;
  }

  /**
   * What to do when a step fails on a host.
   *
   * @return the policy
   */
  public OnFailure onFailure() {
    return onFailure;
  }

  /**
   * What {@link Runner#check} looks at.
   *
   * @return the part
   */
  public Checks checks() {
    return checks;
  }

  /**
   * The checks whose findings do not stop a change.
   *
   * @return names of {@link HostFinding#check}
   */
  public Set<String> ignoredFindings() {
    return ignoredFindings;
  }

  /**
   * On how many hosts to work at once.
   *
   * @return the limit, at least 1
   */
  public int parallelHosts() {
    return parallelHosts;
  }

  /**
   * Who knows the secrets that do not stand in the spec.
   *
   * @return the provider
   */
  public SecretProvider secrets() {
    return secrets;
  }

  /**
   * Which images may be run.
   *
   * @return the policy
   */
  public ImagePolicy imagePolicy() {
    return imagePolicy;
  }

  /**
   * Who hears of progress.
   *
   * @return the listener
   */
  public EventListener listener() {
    return listener;
  }

  /**
   * How layers get to hosts in this call.
   *
   * @return the way; empty for that of the spec
   */
  public Optional<Distribution> distribution() {
    return Optional.ofNullable(distribution);
  }

  /** Collects {@link RunOptions}. Not thread-safe. */
  public static final class Builder {
    private OnFailure onFailure = OnFailure.STOP;
    private Checks checks = Checks.ALL;
    private Set<String> ignoredFindings = Set.of();
    private int parallelHosts = 16;
    private SecretProvider secrets = SecretProvider.NONE;
    private ImagePolicy imagePolicy = ImagePolicy.ANY;
    private EventListener listener = EventListener.NONE;
    private @Nullable Distribution distribution;

    private Builder() {}

    /**
     * Sets what to do when a step fails on a host.
     *
     * @param policy the policy; {@link OnFailure#STOP} by default
     * @return this builder
     */
    public Builder onFailure(OnFailure policy) {
      this.onFailure = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Sets what {@link Runner#check} looks at.
     *
     * @param part the part; {@link Checks#ALL} by default
     * @return this builder
     */
    public Builder checks(Checks part) {
      this.checks = Objects.requireNonNull(part, "part");
      return this;
    }

    /**
     * Sets which checks do not stop a change.
     *
     * @param checks names of {@link HostFinding#check}
     * @return this builder
     */
    public Builder ignoredFindings(Set<String> checks) {
      this.ignoredFindings = Set.copyOf(checks);
      return this;
    }

    /**
     * Sets on how many hosts to work at once.
     *
     * @param limit the limit, at least 1; 16 by default
     * @return this builder
     */
    public Builder parallelHosts(int limit) {
      if (limit < 1) {
        throw new IllegalArgumentException("parallelHosts must be at least 1, got " + limit);
      }
      this.parallelHosts = limit;
      return this;
    }

    /**
     * Sets who knows the secrets that do not stand in the spec.
     *
     * @param provider the provider
     * @return this builder
     */
    public Builder secrets(SecretProvider provider) {
      this.secrets = Objects.requireNonNull(provider, "provider");
      return this;
    }

    /**
     * Sets which images may be run, such as those that {@linkplain ImagePolicy#signed are signed}.
     *
     * @param policy the policy; {@link ImagePolicy#ANY} by default
     * @return this builder
     */
    public Builder imagePolicy(ImagePolicy policy) {
      this.imagePolicy = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Sets who hears of progress.
     *
     * @param listener the listener
     * @return this builder
     */
    public Builder listener(EventListener listener) {
      this.listener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Sets how layers get to hosts, whatever the spec says.
     *
     * @param way the way
     * @return this builder
     */
    public Builder distribution(Distribution way) {
      this.distribution = Objects.requireNonNull(way, "way");
      return this;
    }

    /**
     * Makes the options.
     *
     * @return the options
     */
    public RunOptions build() {
      return new RunOptions(this);
    }
  }
}
