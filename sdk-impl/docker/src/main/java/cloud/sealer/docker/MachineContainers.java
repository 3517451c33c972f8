package cloud.sealer.docker;

import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.spi.MachineOwner;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The containers that are machines: what they are made of, and how they are found again. */
final class MachineContainers {
  /** Which group of the spec it is in. */
  static final String GROUP_LABEL = "cloud.sealer.group";

  /** Its roles, with commas between. */
  static final String ROLES_LABEL = "cloud.sealer.roles";

  private static final String MODULES = "/lib/modules";

  /** Directories that must not lie on the layers of the container's own file system. */
  private static final List<String> VOLUMES =
      List.of("/var/lib/docker", "/var/lib/containerd", "/var/lib/kubelet", "/var/lib/sealer");

  private final EngineClient engine;

  MachineContainers(EngineClient engine) {
    this.engine = engine;
  }

  static Map<String, String> labels(MachineOwner owner) {
    Map<String, String> labels = new TreeMap<>();
    labels.put(MachineOwner.NAME_LABEL, owner.name());
    labels.put(MachineOwner.PURPOSE_LABEL, owner.purpose().name().toLowerCase(Locale.ROOT));
    labels.put(MachineOwner.HOME_LABEL, owner.home());
    return labels;
  }

  /** All containers of an owner, running or not, in the order in which they were made. */
  List<Container> of(MachineOwner owner) {
    return engine.ask(
        "listing containers",
        () ->
            engine
                .get()
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(MachineOwner.NAME_LABEL, owner.name()))
                .exec()
                .stream()
                .sorted(Comparator.comparingInt(container -> number(name(container))))
                .toList());
  }

  static String name(Container container) {
    return container.getNames()[0].substring(1);
  }

  /** The number at the end of a name. */
  static int number(String name) {
    String digits = name.substring(name.lastIndexOf('-') + 1);
    return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
  }

  /**
   * Makes a container, without starting it.
   *
   * @return its identifier
   */
  String create(MachineOwner owner, InfrastructureSpec spec, int group, String name) {
    MachineGroup wanted = spec.groups().get(group);
    Map<String, String> labels = labels(owner);
    labels.put(GROUP_LABEL, Integer.toString(group));
    labels.put(ROLES_LABEL, String.join(",", wanted.roles()));
    return engine.ask(
        "making the container " + name,
        () -> {
          try (CreateContainerCmd command =
              engine.get().createContainerCmd(DockerInfrastructure.image(spec))) {
            return command
                .withName(name)
                .withHostName(name)
                .withLabels(labels)
                // What systemd makes the machine-id of; else it asks the firmware, which all share.
                .withEnv("container=docker", "container_uuid=" + UUID.randomUUID())
                .withVolumes(VOLUMES.stream().map(Volume::new).toList())
                .withHostConfig(host(owner, spec, wanted))
                .exec()
                .getId();
          }
        });
  }

  private HostConfig host(MachineOwner owner, InfrastructureSpec spec, MachineGroup wanted) {
    HostConfig host =
        HostConfig.newHostConfig()
            .withNetworkMode(owner.name())
            .withPrivileged(true)
            .withCgroupnsMode("private")
            .withSecurityOpts(List.of("seccomp=unconfined", "apparmor=unconfined"))
            .withTmpFs(Map.of("/run", "exec,mode=755", "/tmp", "exec"));
    if (hasModules()) {
      host.withBinds(new Bind(MODULES, new Volume(MODULES), AccessMode.ro));
    }
    if (wanted.cpus() > 0) {
      host.withNanoCPUs(wanted.cpus() * 1_000_000_000L);
    }
    if (wanted.memory() > 0) {
      host.withMemory(wanted.memory()).withMemorySwap(wanted.memory());
    }
    String runtime = spec.options().get(DockerInfrastructure.RUNTIME);
    return runtime == null ? host : host.withRuntime(runtime);
  }

  /** The engine would make the directory on its machine if it were missing. */
  private boolean hasModules() {
    return !"unix".equals(engine.engine().getScheme()) || Files.isDirectory(Path.of(MODULES));
  }

  /** Starts a container, unless it runs. */
  void start(String id) {
    engine.ask(
        "starting the container " + id,
        () -> {
          try {
            return engine.get().startContainerCmd(id).exec();
          } catch (NotModifiedException e) {
            return null; // it runs
          }
        });
  }
}
