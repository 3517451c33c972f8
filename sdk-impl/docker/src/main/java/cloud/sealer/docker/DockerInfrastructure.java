package cloud.sealer.docker;

import cloud.sealer.core.host.Escalation;
import cloud.sealer.core.host.ShellSession;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SshOptions;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.InfrastructureProvider;
import cloud.sealer.sdk.spi.Machine;
import cloud.sealer.sdk.spi.MachineOwner;
import cloud.sealer.sdk.spi.MachineResource;
import cloud.sealer.sdk.spi.ResourceLog;
import cloud.sealer.sdk.spi.Task;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerNetwork;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Containers of a docker engine as machines, on a network of their own. They are reached by {@code
 * exec}, so their image needs an init system but no SSH server. Thread-safe.
 *
 * <p>It understands the options {@code subnet} (of the network, such as {@code 10.88.0.0/24}; the
 * engine chooses one by default) and {@code runtime} (of the containers).
 */
public final class DockerInfrastructure implements InfrastructureProvider {
  /** The image of machines if nobody names one: Ubuntu with systemd. */
  public static final String DEFAULT_IMAGE =
      "registry.cn-qingdao.aliyuncs.com/sealer-io/sealer-base-image:latest";

  static final String SUBNET = "subnet";
  static final String RUNTIME = "runtime";
  static final String CONTAINER = "container";

  /** The attribute of a network that says which engine has it and its containers. */
  static final String ENGINE = "engine";

  static final String NETWORK = "network";

  private static final URI DEFAULT_ENGINE = URI.create("unix:///var/run/docker.sock");
  private static final Set<String> OPTIONS = Set.of(SUBNET, RUNTIME);

  /** Until the init system has started what there is to start; one that has none is up at once. */
  private static final HostCommand UP =
      HostCommand.builder(
              "command -v systemctl >/dev/null || exit 0; for i in $(seq 240); do case $(systemctl"
                  + " is-system-running 2>/dev/null) in running|degraded) exit 0;; esac; sleep 0.5;"
                  + " done; exit 1")
          .title("waiting for the init system")
          .timeout(Duration.ofMinutes(3))
          .build();

  private final EngineClient engine;
  private final MachineContainers containers;
  private final MachineNetworks networks;

  /** The engine of this machine at its usual socket. Called by {@link java.util.ServiceLoader}. */
  public DockerInfrastructure() {
    this(new EngineClient(DEFAULT_ENGINE, null));
  }

  private DockerInfrastructure(EngineClient engine) {
    this.engine = engine;
    this.containers = new MachineContainers(engine);
    this.networks = new MachineNetworks(engine);
  }

  /**
   * The machines of an engine.
   *
   * @param engine where it listens, such as {@code unix:///var/run/docker.sock} or {@code
   *     tcp://engine.example.com:2376}
   * @param certificates a directory with {@code ca.pem}, {@code cert.pem} and {@code key.pem}; null
   *     without TLS
   * @return the provider, to be closed by the caller or the Sealer it is given to
   * @throws SealerException with {@link ErrorCode#INVALID_REQUEST} if one of them is missing
   */
  public static DockerInfrastructure of(URI engine, @Nullable Path certificates) {
    return new DockerInfrastructure(new EngineClient(engine, certificates));
  }

  static String image(InfrastructureSpec spec) {
    return spec.image().isEmpty() ? DEFAULT_IMAGE : spec.image();
  }

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public BuildMode mode() {
    return BuildMode.CONTAINER;
  }

  @Override
  public void check(InfrastructureSpec spec, Task task) {
    for (String option : spec.options().keySet()) {
      if (!OPTIONS.contains(option)) {
        throw invalid("containers know no option \"" + option + "\"", "they know " + OPTIONS);
      }
    }
    if (spec.groups().stream()
        .anyMatch(group -> group.systemDisk() > 0 || !group.dataDisks().isEmpty())) {
      throw invalid(
          "containers have no disks of their own", "leave the sizes of disks out, or use a cloud");
    }
    EngineCheck.check(engine, spec, task);
  }

  private static SealerException invalid(String message, String remedy) {
    return SealerException.builder(ErrorCode.INVALID_REQUEST, message).remedy(remedy).build();
  }

  @Override
  public List<Machine> provide(
      MachineOwner owner, InfrastructureSpec spec, ResourceLog log, Task parent) {
    String name = spec.count() + " containers of " + image(spec);
    try (Task task = parent.start(Event.TaskKind.MACHINES, name, -1)) {
      MachineImage.require(engine, image(spec), task);
      networks.require(owner, spec, log);
      List<Container> there = containers.of(owner);
      for (int group = 0; group < spec.groups().size(); group++) {
        make(owner, spec, group, there, log);
      }
      List<Machine> machines = new ArrayList<>();
      for (int group = 0; group < spec.groups().size(); group++) {
        for (Container container : inGroup(containers.of(owner), group)) {
          machines.add(up(owner, container, log, task));
        }
      }
      task.done(machines.size() + " machines");
      return machines;
    }
  }

  private static List<Container> inGroup(List<Container> containers, int group) {
    return containers.stream().filter(container -> group(container) == group).toList();
  }

  /** Makes what a group lacks. */
  private void make(
      MachineOwner owner,
      InfrastructureSpec spec,
      int group,
      List<Container> there,
      ResourceLog log) {
    MachineGroup wanted = spec.groups().get(group);
    List<Container> known = inGroup(there, group);
    int last =
        known.stream()
            .mapToInt(container -> MachineContainers.number(MachineContainers.name(container)))
            .max()
            .orElse(0);
    String prefix = owner.name() + "-" + wanted.roles().iterator().next() + "-" + group + "-";
    for (int i = known.size(); i < wanted.count(); i++) {
      String name = prefix + ++last;
      MachineResource planned = MachineResource.planned(CONTAINER, name);
      log.put(planned);
      log.put(planned.made(containers.create(owner, spec, group, name)));
    }
  }

  private Machine up(MachineOwner owner, Container container, ResourceLog log, Task task) {
    String name = MachineContainers.name(container);
    MachineResource resource = resource(container);
    if (!log.resources().contains(resource)) {
      log.put(resource);
    }
    containers.start(container.getId());
    Host host =
        host(owner, container)
            .orElseThrow(
                () ->
                    SealerException.builder(
                            ErrorCode.MACHINES_UNAVAILABLE,
                            "the container " + name + " has ended at once")
                        .remedy("look why: docker logs " + name)
                        .build());
    try (HostSession session =
        new ShellSession(
            host,
            new DockerTransport(engine.get(), container.getId()),
            Escalation.NONE,
            Clock.systemUTC())) {
      if (!session.exec(UP, HostOutput.NONE).ok()) {
        throw SealerException.builder(
                ErrorCode.MACHINES_UNAVAILABLE, "the machine " + name + " does not come up")
            .remedy("look why: docker logs " + name + "; is its image one of machines?")
            .build();
      }
    }
    task.notice("machine " + name + " is up at " + host.address());
    return new Machine(resource, group(container), host);
  }

  /** The host that a container is; empty if it has no address, since it does not run. */
  private Optional<Host> host(MachineOwner owner, Container container) {
    String id = container.getId();
    String address =
        engine.ask(
            "asking for the address of " + id,
            () -> {
              ContainerNetwork network =
                  engine
                      .get()
                      .inspectContainerCmd(id)
                      .exec()
                      .getNetworkSettings()
                      .getNetworks()
                      .get(owner.name());
              return network == null ? "" : Objects.requireNonNullElse(network.getIpAddress(), "");
            });
    if (address.isEmpty()) {
      return Optional.empty();
    }
    String roles = container.getLabels().getOrDefault(MachineContainers.ROLES_LABEL, "");
    return Optional.of(
        new Host(
            HostAddress.parse(address),
            new LinkedHashSet<>(List.of(roles.split(","))),
            SshOptions.NONE,
            Map.of()));
  }

  private static int group(Container container) {
    return Integer.parseInt(container.getLabels().getOrDefault(MachineContainers.GROUP_LABEL, "0"));
  }

  @Override
  public List<Machine> machines(MachineOwner owner, ResourceLog log, Task task) {
    checkEngine(log);
    return containers.of(owner).stream()
        .sorted(Comparator.comparingInt(DockerInfrastructure::group)) // a stable sort
        .flatMap(
            container ->
                host(owner, container).stream()
                    .map(host -> new Machine(resource(container), group(container), host)))
        .toList();
  }

  private static MachineResource resource(Container container) {
    return new MachineResource(
        CONTAINER, MachineContainers.name(container), container.getId(), Map.of());
  }

  @Override
  public List<Leftover> release(
      MachineOwner owner, List<Machine> machines, ResourceLog log, Task parent) {
    try (Task task =
        parent.start(Event.TaskKind.MACHINES, "removing " + machines.size() + " containers", -1)) {
      Removal removal = new Removal(engine, log);
      machines.forEach(machine -> removal.container(machine.resource()));
      task.done("");
      return removal.left();
    }
  }

  @Override
  public List<Leftover> remove(MachineOwner owner, ResourceLog log, Task parent) {
    try (Task task =
        parent.start(Event.TaskKind.MACHINES, "removing the containers of " + owner.name(), -1)) {
      checkEngine(log);
      Removal removal = new Removal(engine, log);
      Set<MachineResource> all = new LinkedHashSet<>(log.resources());
      containers.of(owner).stream()
          .map(DockerInfrastructure::resource)
          .filter(found -> all.stream().noneMatch(known -> same(known, found)))
          .toList()
          .forEach(all::add);
      networks.of(owner).stream()
          .map(n -> new MachineResource(NETWORK, n.getName(), n.getId(), Map.of()))
          .filter(found -> all.stream().noneMatch(known -> same(known, found)))
          .toList()
          .forEach(all::add);
      all.stream().filter(each -> each.kind().equals(CONTAINER)).forEach(removal::container);
      all.stream().filter(each -> each.kind().equals(NETWORK)).forEach(removal::network);
      task.done("");
      return removal.left();
    }
  }

  /** Another engine has none of it, which must not pass for removed. */
  private void checkEngine(ResourceLog log) {
    String asked = engine.engine().toString();
    for (MachineResource resource : log.resources()) {
      String own = resource.attributes().getOrDefault(ENGINE, asked);
      if (!own.equals(asked)) {
        throw SealerException.builder(
                ErrorCode.INVALID_REQUEST,
                resource + " is in the engine " + own + ", not in " + asked)
            .remedy("use that engine (--docker-host " + own + ")")
            .build();
      }
    }
  }

  private static boolean same(MachineResource known, MachineResource found) {
    return known.kind().equals(found.kind()) && known.id().equals(found.id());
  }

  @Override
  public List<MachineOwner> owners(Task task) {
    return networks.owners();
  }

  @Override
  public HostConnector connector(List<Machine> machines, ResourceLog log) {
    return DockerHostConnector.of(
        new EngineClient(engine.engine(), engine.certificates()),
        machines.stream().map(machine -> machine.resource().id()).collect(Collectors.toSet()));
  }

  @Override
  public void close() {
    engine.close();
  }
}
