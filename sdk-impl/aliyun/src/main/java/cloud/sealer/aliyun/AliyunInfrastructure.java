package cloud.sealer.aliyun;

import cloud.sealer.aliyun.OpenApi.Product;
import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SshOptions;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.InfrastructureProvider;
import cloud.sealer.sdk.spi.Machine;
import cloud.sealer.sdk.spi.MachineOwner;
import cloud.sealer.sdk.spi.MachineResource;
import cloud.sealer.sdk.spi.ResourceLog;
import cloud.sealer.sdk.spi.Task;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Pay-as-you-go machines of Alibaba Cloud: ECS instances in a VPC of their own, whose first has a
 * public address that only the caller may connect to. Thread-safe.
 *
 * <pre>{@code
 * Sealer.builder()
 *     .infrastructure(
 *         AliyunInfrastructure.builder(AccessKeyProvider.environment(System.getenv()))
 *             .region("cn-chengdu")
 *             .build())
 * }</pre>
 *
 * <p>Sizes of machines are met exactly, by any type that a zone has in stock; the first type that
 * can be had is taken, in another zone if need be. Users log in as root with a key that is made for
 * the owner. The image is an identifier or an image family ({@code acs:…}).
 *
 * <p>It understands the options {@code ssh-from} (addresses or networks that may connect to SSH, in
 * place of the caller's own address), {@code ssh-port} (of the image, 22), {@code network} ({@code
 * 172.16.0.0/16}), {@code bandwidth} (of the public address, 100 Mbit/s) and {@code disk-category}
 * ({@code cloud_essd}).
 */
public final class AliyunInfrastructure implements InfrastructureProvider {
  /** The region if none is set. */
  public static final String DEFAULT_REGION = "cn-chengdu";

  private final OpenApi api;
  private final Optional<CallerAddress> caller;
  private final Duration removal;

  private AliyunInfrastructure(Builder builder) {
    api =
        new OpenApi(
            builder.region,
            builder.endpoints(),
            builder.keys,
            new OpenApi.Retry(builder.attempts, builder.retryDelay, builder.sleeper),
            Clock.systemUTC());
    caller = builder.addressService.map(CallerAddress::new);
    removal = builder.removal;
  }

  /**
   * Starts a provider.
   *
   * @param keys says which key signs requests
   * @return a builder
   */
  public static Builder builder(AccessKeyProvider keys) {
    return new Builder(keys);
  }

  @Override
  public String name() {
    return "aliyun";
  }

  @Override
  public BuildMode mode() {
    return BuildMode.CLOUD;
  }

  @Override
  public void check(InfrastructureSpec spec, Task task) {
    CloudOptions options = CloudOptions.of(spec);
    try {
      for (MachineGroup group : spec.groups()) {
        if (group.count() > 0 && new Stock(api, task).offers(group, List.of()).isEmpty()) {
          throw Instances.soldOut(api.region(), group, List.of());
        }
      }
      sources(options);
    } catch (SealerException e) {
      if (e.code() == ErrorCode.CANCELLED || e.code() == ErrorCode.INVALID_REQUEST) {
        throw e;
      }
      throw SealerException.builder(
              ErrorCode.PREFLIGHT_FAILED, "machines of Aliyun cannot be had: " + e.getMessage())
          .remedy(e.remedy())
          .retryable(e.retryable())
          .cause(e)
          .build();
    }
  }

  private List<String> sources(CloudOptions options) {
    return options.sshFrom().isEmpty()
        ? List.of(caller.orElseThrow(CallerAddress::notSet).network())
        : options.sshFrom();
  }

  @Override
  public List<Machine> provide(
      MachineOwner owner, InfrastructureSpec spec, ResourceLog log, Task parent) {
    CloudOptions options = CloudOptions.of(spec);
    String name = spec.count() + " machines in " + api.region();
    try (Task task = parent.start(Event.TaskKind.MACHINES, name, -1)) {
      Owned owned = new Owned(api, owner, log, task);
      owned.checkPlace();
      LoginKey key = LoginKey.require(log.directory());
      Networks networks = new Networks(owned, options);
      MachineResource network = networks.network();
      Instances instances =
          new Instances(
              owned,
              options,
              new Instances.Setting(
                  networks,
                  network,
                  networks.securityGroup(network, sources(options)).id(),
                  keyPair(owned, key).id()));
      for (int group = 0; group < spec.groups().size(); group++) {
        instances.require(group, spec.groups().get(group));
      }
      List<Machine> machines =
          machines(instances.running(spec.groups().size()), owned, options.sshPort()).stream()
              .filter(machine -> machine.group() < spec.groups().size())
              .toList();
      new PublicAddress(owned, options).require(machines.get(0).resource().id());
      CloudSsh.await(machines, owned);
      task.done(machines.size() + " machines");
      return machines;
    }
  }

  private static MachineResource keyPair(Owned owned, LoginKey key) {
    String name = owned.owner().name() + "-" + key.shortName();
    return owned.require(
        Kind.KEY_PAIR,
        owned.planned(Kind.KEY_PAIR, name),
        (planned, tagged) -> {
          Map<String, String> parameters = new TreeMap<>(tagged);
          parameters.remove("ClientToken");
          parameters.put("KeyPairName", name);
          parameters.put("PublicKeyBody", key.publicLine());
          importKey(owned, name, parameters);
          return name;
        });
  }

  /** The call takes no token; if its answer is lost, the next one is told that the key is there. */
  private static void importKey(Owned owned, String name, Map<String, String> parameters) {
    try {
      owned.api().call(Product.ECS, "ImportKeyPair", parameters, owned.task());
    } catch (SealerException e) {
      // The name says whose key it is and which; with our tags it is the one that was sent.
      if (!CloudError.code(e).equals("KeyPair.AlreadyExist")
          || owned.find(Kind.KEY_PAIR, name).isEmpty()) {
        throw e;
      }
    }
  }

  @Override
  public List<Machine> machines(MachineOwner owner, ResourceLog log, Task task) {
    Owned owned = new Owned(api, owner, log, task);
    owned.checkPlace();
    List<JsonNode> running = owned.list(Kind.INSTANCE).stream().filter(Instances::isReady).toList();
    return machines(running, owned, PublicAddress.recordedPort(log));
  }

  private static List<Machine> machines(List<JsonNode> instances, Owned owned, int port) {
    ResourceLog log = owned.log();
    SshOptions login =
        SshOptions.builder().port(port).privateKey(LoginKey.file(log.directory())).build();
    Map<String, MachineResource> recorded = new TreeMap<>();
    log.resources().stream()
        .filter(each -> each.kind().equals(Kind.INSTANCE.word()))
        .forEach(each -> recorded.put(each.id(), each));
    return Instances.inOrder(instances).stream()
        .map(
            instance ->
                new Machine(
                    recorded.getOrDefault(
                        Kind.INSTANCE.id(instance), owned.found(Kind.INSTANCE, instance)),
                    Instances.group(instance),
                    new Host(
                        HostAddress.parse(Instances.address(instance)),
                        new LinkedHashSet<>(Instances.roles(instance)),
                        login,
                        Map.of())))
        .toList();
  }

  @Override
  public List<Leftover> release(
      MachineOwner owner, List<Machine> machines, ResourceLog log, Task parent) {
    String name = "removing " + machines.size() + " machines";
    try (Task task = parent.start(Event.TaskKind.MACHINES, name, -1)) {
      Owned owned = new Owned(api, owner, log, task);
      owned.checkPlace();
      List<Leftover> left =
          new CloudRemoval(owned, removal)
              .instances(machines.stream().map(Machine::resource).toList());
      CloudSsh.forget(machines, log);
      task.done("");
      return left;
    }
  }

  /**
   * Removes everything of an owner.
   *
   * @throws SealerException also with {@link ErrorCode#INVALID_REQUEST} if the record says that the
   *     machines are in another region, or belong to another account than the key
   */
  @Override
  public List<Leftover> remove(MachineOwner owner, ResourceLog log, Task parent) {
    String name = "removing the machines of " + owner.name();
    try (Task task = parent.start(Event.TaskKind.MACHINES, name, -1)) {
      Owned owned = new Owned(api, owner, log, task);
      owned.checkPlace();
      List<Leftover> left = new CloudRemoval(owned, removal).all();
      if (left.isEmpty()) {
        CloudSsh.forgetAll(log);
      }
      task.done("");
      return left;
    }
  }

  @Override
  public List<MachineOwner> owners(Task task) {
    LinkedHashSet<MachineOwner> owners = new LinkedHashSet<>();
    Map<String, String> tagged = Map.of("Tag.1.Key", MachineOwner.NAME_LABEL);
    for (Kind kind : List.of(Kind.NETWORK, Kind.INSTANCE, Kind.ADDRESS)) {
      api.list(kind.product(), kind.listing(), tagged, kind.list(), task).stream()
          .flatMap(resource -> owner(resource).stream())
          .forEach(owners::add);
    }
    return owners.stream().sorted(Comparator.comparing(MachineOwner::name)).toList();
  }

  private static Optional<MachineOwner> owner(JsonNode resource) {
    try {
      return Optional.of(
          new MachineOwner(
              Kind.tag(resource, MachineOwner.NAME_LABEL),
              MachineOwner.Purpose.valueOf(
                  Kind.tag(resource, MachineOwner.PURPOSE_LABEL).toUpperCase(Locale.ROOT)),
              Kind.tag(resource, MachineOwner.HOME_LABEL)));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // somebody else's tags
    }
  }

  @Override
  public HostConnector connector(List<Machine> machines, ResourceLog log) {
    return CloudSsh.connector(machines, log);
  }

  /** Collects the settings of an {@link AliyunInfrastructure}. Not thread-safe. */
  public static final class Builder {
    private final AccessKeyProvider keys;
    private String region = DEFAULT_REGION;
    private Optional<URI> endpoint = Optional.empty();
    private Optional<URI> addressService = Optional.empty();
    private int attempts = 8;
    private Duration retryDelay = Duration.ofSeconds(1);
    private Duration removal = Duration.ofMinutes(10);
    private Sleeper sleeper = Sleeper.THREAD;

    private Builder(AccessKeyProvider keys) {
      this.keys = Objects.requireNonNull(keys, "keys");
    }

    /**
     * Sets where the machines are.
     *
     * @param id a region, such as {@code cn-hangzhou}; {@value AliyunInfrastructure#DEFAULT_REGION}
     *     by default
     * @return this builder
     */
    public Builder region(String id) {
      if (!id.matches("[a-z0-9-]{1,64}")) {
        throw new IllegalArgumentException("a region is like cn-hangzhou, got \"" + id + "\"");
      }
      this.region = id;
      return this;
    }

    /**
     * Sets one endpoint for all interfaces, such as that of a private link or of a test.
     *
     * @param uri scheme, host and port; by default each interface has its own of the region
     * @return this builder
     */
    public Builder endpoint(URI uri) {
      if (uri.getHost() == null || !List.of("", "/").contains(uri.getPath())) {
        throw new IllegalArgumentException(
            "an endpoint is scheme://host:port, got \"" + uri + "\"");
      }
      this.endpoint = Optional.of(URI.create(uri.getScheme() + "://" + uri.getAuthority()));
      return this;
    }

    /**
     * Sets who tells the address that the caller has in the Internet, to which SSH is open then.
     * Asked only where no option {@code ssh-from} says who may connect; without either no machines
     * are made, since nothing of the sort is asked unbidden.
     *
     * @param service answers a GET with the address as text, such as {@code
     *     https://checkip.amazonaws.com}
     * @return this builder
     */
    public Builder addressService(URI service) {
      this.addressService = Optional.of(service);
      return this;
    }

    /**
     * Sets how often a call is tried while the cloud is busy or cannot be reached.
     *
     * @param tries at least 1; 8 by default
     * @param delay before the second try, doubled for each further; one second by default
     * @return this builder
     */
    public Builder retry(int tries, Duration delay) {
      if (tries < 1 || delay.isNegative()) {
        throw new IllegalArgumentException("at least one try, and a delay that is not negative");
      }
      this.attempts = tries;
      this.retryDelay = delay;
      return this;
    }

    /**
     * Sets how long a resource may stay in use by another before it counts as one that cannot be
     * removed.
     *
     * @param limit 10 minutes by default
     * @return this builder
     */
    public Builder removalLimit(Duration limit) {
      this.removal = Objects.requireNonNull(limit, "limit");
      return this;
    }

    /** Lets tests not wait. */
    Builder sleeper(Sleeper waits) {
      this.sleeper = waits;
      return this;
    }

    private Function<Product, URI> endpoints() {
      String ofRegion = region;
      Optional<URI> one = endpoint;
      return product -> one.orElseGet(() -> URI.create("https://" + product.host(ofRegion)));
    }

    /**
     * Makes the provider. Nothing is asked of the cloud yet.
     *
     * @return the provider, to be closed by the caller or the Sealer it is given to
     */
    public AliyunInfrastructure build() {
      return new AliyunInfrastructure(this);
    }
  }
}
