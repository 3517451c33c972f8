package cloud.sealer.sdk;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What to build and how. Immutable.
 *
 * <pre>{@code
 * BuildRequest request = BuildRequest.builder()
 *     .kubefile(Kubefile.parse(Path.of("Kubefile")))
 *     .context(BuildContext.directory(Path.of(".")))
 *     .name("my-dashboard:v1")
 *     .build();
 * }</pre>
 */
public final class BuildRequest {
  private final Kubefile kubefile;
  private final BuildContext context;
  private final String name;
  private final Map<String, String> args;
  private final List<Platform> platforms;
  private final PlatformPolicy missingPlatforms;
  private final boolean cache;
  private final boolean includeBase;
  private final boolean pullBase;
  private final Compression compression;
  private final DiscoveryPolicy discovery;
  private final @Nullable String runExecutor;
  private final Duration runTimeout;
  private final long sourceDateEpoch;
  private final ClusterAccess cluster;
  private final RemoteOptions remote;
  private final @Nullable ImageLock lock;
  private final boolean signatures;
  private final EventListener listener;

  private BuildRequest(Builder builder) {
    kubefile = Objects.requireNonNull(builder.kubefile, "a build needs a kubefile");
    context = builder.context;
    name = builder.name;
    args = Collections.unmodifiableMap(new TreeMap<>(builder.args));
    platforms = List.copyOf(builder.platforms);
    missingPlatforms = builder.missingPlatforms;
    cache = builder.cache;
    includeBase = builder.includeBase;
    pullBase = builder.pullBase;
    compression = builder.compression;
    discovery = builder.discovery;
    runExecutor = builder.runExecutor;
    runTimeout = builder.runTimeout;
    sourceDateEpoch = builder.sourceDateEpoch;
    cluster = builder.cluster;
    remote = builder.remote;
    lock = builder.lock;
    signatures = builder.signatures;
    listener = builder.listener;
  }

  /**
   * Starts a request.
   *
   * @return a builder with the defaults
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The recipe.
   *
   * @return the Kubefile
   */
  public Kubefile kubefile() {
    return kubefile;
  }

  /**
   * Where {@code COPY} takes files from.
   *
   * @return the context; an empty one by default
   */
  public BuildContext context() {
    return context;
  }

  /**
   * The name the image gets.
   *
   * @return a full or short name; empty for an image without a name
   */
  public String name() {
    return name;
  }

  /**
   * Values of build arguments.
   *
   * @return names and values, sorted by name
   */
  public Map<String, String> args() {
    return args;
  }

  /**
   * The platforms to build for. The image is one index with a manifest for each.
   *
   * @return the platforms, each once, in the order given; empty for that of the base image, or of
   *     the file {@code Metadata} from scratch, else {@link Platform#LINUX_AMD64}
   */
  public List<Platform> platforms() {
    return platforms;
  }

  /**
   * The platform to build for, if it is one.
   *
   * @return the only one of {@link #platforms}; empty if there are none or several
   */
  public Optional<Platform> platform() {
    return platforms.size() == 1 ? Optional.of(platforms.get(0)) : Optional.empty();
  }

  /**
   * What to do about container images that are not there for one of the platforms.
   *
   * @return {@link PlatformPolicy#FAIL} by default
   */
  public PlatformPolicy missingPlatforms() {
    return missingPlatforms;
  }

  /**
   * Whether layers of earlier builds may be used again.
   *
   * @return true by default
   */
  public boolean cache() {
    return cache;
  }

  /**
   * Whether the image contains the layers of its base.
   *
   * @return true by default; false makes an application image that runs on a cluster that is there
   */
  public boolean includeBase() {
    return includeBase;
  }

  /**
   * Whether the base image is asked for at its registry even if the store has one of that name.
   *
   * @return false by default
   */
  public boolean pullBase() {
    return pullBase;
  }

  /**
   * How new layers are compressed.
   *
   * @return {@link Compression#ZSTD} by default
   */
  public Compression compression() {
    return compression;
  }

  /**
   * What to do with uncertain findings of image discovery.
   *
   * @return {@link DiscoveryPolicy#DEFAULT} by default
   */
  public DiscoveryPolicy discovery() {
    return discovery;
  }

  /**
   * How {@code RUN} is executed.
   *
   * @return the name of a {@link cloud.sealer.sdk.spi.RunExecutor}; empty to take the first that
   *     works here
   */
  public Optional<String> runExecutor() {
    return Optional.ofNullable(runExecutor);
  }

  /**
   * How long one {@code RUN} may take.
   *
   * @return the limit; an hour by default
   */
  public Duration runTimeout() {
    return runTimeout;
  }

  /**
   * The time that files in layers and the image itself carry.
   *
   * @return seconds since 1970 UTC; 0 by default, so that equal inputs give equal digests
   */
  public long sourceDateEpoch() {
    return sourceDateEpoch;
  }

  /**
   * The running cluster to look at. Nothing of it counts in {@link BuildMode#LITE}.
   *
   * @return the access
   */
  public ClusterAccess cluster() {
    return cluster;
  }

  /**
   * How builds on machines made for them work. Counts in {@link BuildMode#CONTAINER} and {@link
   * BuildMode#CLOUD} only.
   *
   * @return the options
   */
  public RemoteOptions remote() {
    return remote;
  }

  /**
   * What tags must mean.
   *
   * @return the lock; empty if tags may mean whatever they mean at the time of the build
   */
  public Optional<ImageLock> lock() {
    return Optional.ofNullable(lock);
  }

  /**
   * Whether to collect the signatures of the container images too.
   *
   * @return true by default
   */
  public boolean signatures() {
    return signatures;
  }

  /**
   * Who hears of progress.
   *
   * @return the listener
   */
  public EventListener listener() {
    return listener;
  }

  /** Collects a {@link BuildRequest}. Not thread-safe. */
  public static final class Builder {
    private @Nullable Kubefile kubefile;
    private BuildContext context = BuildContext.inMemory().build();
    private String name = "";
    private final Map<String, String> args = new TreeMap<>();
    private Set<Platform> platforms = Set.of();
    private PlatformPolicy missingPlatforms = PlatformPolicy.FAIL;
    private boolean cache = true;
    private boolean includeBase = true;
    private boolean pullBase;
    private Compression compression = Compression.ZSTD;
    private DiscoveryPolicy discovery = DiscoveryPolicy.DEFAULT;
    private @Nullable String runExecutor;
    private Duration runTimeout = Duration.ofHours(1);
    private long sourceDateEpoch;
    private ClusterAccess cluster = ClusterAccess.DEFAULT;
    private RemoteOptions remote = RemoteOptions.DEFAULT;
    private @Nullable ImageLock lock;
    private boolean signatures = true;
    private EventListener listener = EventListener.NONE;

    private Builder() {}

    /**
     * Sets the recipe. Required.
     *
     * @param kubefile the Kubefile
     * @return this builder
     */
    public Builder kubefile(Kubefile kubefile) {
      this.kubefile = Objects.requireNonNull(kubefile, "kubefile");
      return this;
    }

    /**
     * Sets where {@code COPY} takes files from.
     *
     * @param context the context
     * @return this builder
     */
    public Builder context(BuildContext context) {
      this.context = Objects.requireNonNull(context, "context");
      return this;
    }

    /**
     * Sets the name the image gets.
     *
     * @param name a full or short name, such as {@code my-dashboard:v1}
     * @return this builder
     */
    public Builder name(String name) {
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Gives a value to a build argument.
     *
     * @param name the argument's name
     * @param value its value
     * @return this builder
     */
    public Builder arg(String name, String value) {
      args.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
      return this;
    }

    /**
     * Sets the only platform to build for.
     *
     * @param platform the platform; null for that of the base image
     * @return this builder
     */
    public Builder platform(@Nullable Platform platform) {
      return platforms(platform == null ? Set.of() : Set.of(platform));
    }

    /**
     * Sets the platforms to build for.
     *
     * @param platforms the platforms; none for that of the base image
     * @return this builder
     */
    public Builder platforms(Collection<Platform> platforms) {
      this.platforms = new LinkedHashSet<>(platforms);
      return this;
    }

    /**
     * Sets what to do about container images that are not there for one of the platforms.
     *
     * @param policy the policy
     * @return this builder
     */
    public Builder missingPlatforms(PlatformPolicy policy) {
      this.missingPlatforms = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Allows or forbids the use of layers of earlier builds.
     *
     * @param cache whether to use them
     * @return this builder
     */
    public Builder cache(boolean cache) {
      this.cache = cache;
      return this;
    }

    /**
     * Puts the layers of the base into the image, or leaves them out.
     *
     * @param includeBase whether to put them in
     * @return this builder
     */
    public Builder includeBase(boolean includeBase) {
      this.includeBase = includeBase;
      return this;
    }

    /**
     * Asks the registry for the base image even if the store has one of that name.
     *
     * @param pullBase whether to ask
     * @return this builder
     */
    public Builder pullBase(boolean pullBase) {
      this.pullBase = pullBase;
      return this;
    }

    /**
     * Sets how new layers are compressed.
     *
     * @param compression the compression
     * @return this builder
     */
    public Builder compression(Compression compression) {
      this.compression = Objects.requireNonNull(compression, "compression");
      return this;
    }

    /**
     * Sets what to do with uncertain findings of image discovery.
     *
     * @param policy the policy
     * @return this builder
     */
    public Builder discovery(DiscoveryPolicy policy) {
      this.discovery = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Sets how {@code RUN} is executed.
     *
     * @param name the name of a {@link cloud.sealer.sdk.spi.RunExecutor}; null for the first that
     *     works
     * @return this builder
     */
    public Builder runExecutor(@Nullable String name) {
      this.runExecutor = name;
      return this;
    }

    /**
     * Sets how long one {@code RUN} may take.
     *
     * @param timeout the limit, more than zero
     * @return this builder
     */
    public Builder runTimeout(Duration timeout) {
      if (timeout.isZero() || timeout.isNegative()) {
        throw new IllegalArgumentException("timeout must be more than zero, got " + timeout);
      }
      this.runTimeout = timeout;
      return this;
    }

    /**
     * Sets the time that files in layers and the image itself carry.
     *
     * @param seconds seconds since 1970 UTC, not negative
     * @return this builder
     */
    public Builder sourceDateEpoch(long seconds) {
      if (seconds < 0) {
        throw new IllegalArgumentException("time must not be negative, got " + seconds);
      }
      this.sourceDateEpoch = seconds;
      return this;
    }

    /**
     * Sets the running cluster to look at.
     *
     * @param access the access
     * @return this builder
     */
    public Builder cluster(ClusterAccess access) {
      this.cluster = Objects.requireNonNull(access, "access");
      return this;
    }

    /**
     * Sets how a build on machines made for it works.
     *
     * @param options the options
     * @return this builder
     */
    public Builder remote(RemoteOptions options) {
      this.remote = Objects.requireNonNull(options, "options");
      return this;
    }

    /**
     * Sets what tags must mean: the build fails if the base or a container image is another one
     * than the lock says, or is not in it.
     *
     * @param lock the lock of an earlier build; null for none
     * @return this builder
     */
    public Builder lock(@Nullable ImageLock lock) {
      this.lock = lock;
      return this;
    }

    /**
     * Collects the signatures of the container images, or leaves them out. They are what cosign
     * keeps by the tag {@code .sig}, and whatever names an image as its subject; the registry of
     * the cluster then has them, so that policies there can check them. Of a signed image for
     * several platforms the tag leads to the whole index, which is what was signed. An image
     * without any costs two requests.
     *
     * @param signatures whether to collect them
     * @return this builder
     */
    public Builder signatures(boolean signatures) {
      this.signatures = signatures;
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
     * Makes the request.
     *
     * @return the request
     * @throws NullPointerException if there is no Kubefile
     */
    public BuildRequest build() {
      return new BuildRequest(this);
    }
  }
}
