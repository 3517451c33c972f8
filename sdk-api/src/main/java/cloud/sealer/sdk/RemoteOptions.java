package cloud.sealer.sdk;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a build in {@link BuildMode#CONTAINER} or {@link BuildMode#CLOUD} works: on which machines,
 * with which program, and where the result goes. Immutable.
 */
public final class RemoteOptions {
  /** One machine, and the result comes back. The worker is not set. */
  public static final RemoteOptions DEFAULT = builder().build();

  private final InfrastructureSpec infrastructure;
  private final @Nullable Path worker;
  private final @Nullable ClusterSpec cluster;
  private final Set<String> ignoredFindings;
  private final Duration timeout;
  private final boolean push;

  private RemoteOptions(Builder builder) {
    infrastructure = builder.infrastructure;
    worker = builder.worker;
    cluster = builder.cluster;
    ignoredFindings = Set.copyOf(builder.ignoredFindings);
    timeout = builder.timeout;
    push = builder.push;
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
   * The machines to build on.
   *
   * @return the machines; one control plane by default
   */
  public InfrastructureSpec infrastructure() {
    return infrastructure;
  }

  /**
   * The program that builds on the first machine: the directory that the artifact {@code
   * sealer-cli} packs, with {@code bin/sealer} and a Java runtime of its own, for Linux and the
   * machines' processor.
   *
   * @return the directory; empty if not set, and then such a build is refused
   */
  public Optional<Path> worker() {
    return Optional.ofNullable(worker);
  }

  /**
   * What the cluster of the build is like: variables, plugins, files and settings of kubeadm. Its
   * name, image and hosts do not count.
   *
   * @return the spec; empty for what the base image says
   */
  public Optional<ClusterSpec> cluster() {
    return Optional.ofNullable(cluster);
  }

  /**
   * The checks of machines whose findings do not stop the build.
   *
   * @return names of {@link HostFinding#check}
   */
  public Set<String> ignoredFindings() {
    return ignoredFindings;
  }

  /**
   * How long the build on the machine may take, without making machines and cluster.
   *
   * @return the limit, 2 hours by default
   */
  public Duration timeout() {
    return timeout;
  }

  /**
   * Whether the machine pushes the image to its registry instead of sending it back.
   *
   * @return false by default
   */
  public boolean push() {
    return push;
  }

  /** Collects {@link RemoteOptions}. Not thread-safe. */
  public static final class Builder {
    private InfrastructureSpec infrastructure = InfrastructureSpec.DEFAULT;
    private @Nullable Path worker;
    private @Nullable ClusterSpec cluster;
    private Set<String> ignoredFindings = Set.of();
    private Duration timeout = Duration.ofHours(2);
    private boolean push;

    private Builder() {}

    /**
     * Sets the machines to build on.
     *
     * @param spec the machines
     * @return this builder
     */
    public Builder infrastructure(InfrastructureSpec spec) {
      this.infrastructure = Objects.requireNonNull(spec, "spec");
      return this;
    }

    /**
     * Sets the program that builds on the first machine.
     *
     * @param directory the directory with {@code bin/sealer}
     * @return this builder
     */
    public Builder worker(Path directory) {
      this.worker = Objects.requireNonNull(directory, "directory");
      return this;
    }

    /**
     * Sets what the cluster of the build is like.
     *
     * @param spec the spec; name, image and hosts do not count
     * @return this builder
     */
    public Builder cluster(ClusterSpec spec) {
      this.cluster = Objects.requireNonNull(spec, "spec");
      return this;
    }

    /**
     * Sets which checks of machines do not stop the build.
     *
     * @param checks names of {@link HostFinding#check}
     * @return this builder
     */
    public Builder ignoredFindings(Set<String> checks) {
      this.ignoredFindings = Set.copyOf(checks);
      return this;
    }

    /**
     * Sets how long the build on the machine may take.
     *
     * @param limit the limit, more than zero
     * @return this builder
     */
    public Builder timeout(Duration limit) {
      if (limit.isNegative() || limit.isZero()) {
        throw new IllegalArgumentException("a time limit is more than zero, got " + limit);
      }
      this.timeout = limit;
      return this;
    }

    /**
     * Lets the machine push the image to its registry instead of sending it back.
     *
     * @param push whether to push
     * @return this builder
     */
    public Builder push(boolean push) {
      this.push = push;
      return this;
    }

    /**
     * Makes the options.
     *
     * @return the options
     */
    public RemoteOptions build() {
      return new RemoteOptions(this);
    }
  }
}
