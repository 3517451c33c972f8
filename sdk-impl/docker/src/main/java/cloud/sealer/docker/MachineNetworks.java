package cloud.sealer.docker;

import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.spi.MachineOwner;
import cloud.sealer.sdk.spi.MachineResource;
import cloud.sealer.sdk.spi.ResourceLog;
import com.github.dockerjava.api.command.CreateNetworkCmd;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The networks of machines, one for each owner, which has the owner's name. */
final class MachineNetworks {
  private static final Comparator<MachineOwner> BY_NAME =
      Comparator.comparing(MachineOwner::name).thenComparing(MachineOwner::home);

  private final EngineClient engine;

  MachineNetworks(EngineClient engine) {
    this.engine = engine;
  }

  List<Network> of(MachineOwner owner) {
    return labelled(MachineOwner.NAME_LABEL + "=" + owner.name());
  }

  private List<Network> labelled(String filter) {
    return engine.ask(
        "listing networks",
        () -> engine.get().listNetworksCmd().withFilter("label", List.of(filter)).exec());
  }

  /** Makes the network of an owner, unless it is there. */
  void require(MachineOwner owner, InfrastructureSpec spec, ResourceLog log) {
    MachineResource planned =
        MachineResource.planned(DockerInfrastructure.NETWORK, owner.name())
            .with(DockerInfrastructure.ENGINE, engine.engine().toString());
    Optional<Network> there = of(owner).stream().findFirst();
    if (there.isEmpty()) {
      log.put(planned);
    }
    MachineResource made =
        planned.made(there.map(Network::getId).orElseGet(() -> create(owner, spec)));
    if (!log.resources().contains(made)) {
      log.put(made);
    }
  }

  private String create(MachineOwner owner, InfrastructureSpec spec) {
    return engine.ask(
        "making the network " + owner.name(),
        () -> {
          try (CreateNetworkCmd command = engine.get().createNetworkCmd()) {
            command
                .withName(owner.name())
                .withDriver("bridge")
                .withCheckDuplicate(true)
                .withLabels(MachineContainers.labels(owner));
            String subnet = spec.options().get(DockerInfrastructure.SUBNET);
            if (subnet != null) {
              command.withIpam(
                  new Network.Ipam().withConfig(new Network.Ipam.Config().withSubnet(subnet)));
            }
            return command.exec().getId();
          }
        });
  }

  /** Everybody whose label a network or a container has. */
  List<MachineOwner> owners() {
    TreeSet<MachineOwner> owners = new TreeSet<>(BY_NAME);
    Stream<Map<String, String>> ofNetworks =
        labelled(MachineOwner.NAME_LABEL).stream().map(Network::getLabels);
    Stream<Map<String, String>> ofContainers =
        engine
            .ask(
                "listing containers",
                () ->
                    engine
                        .get()
                        .listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(List.of(MachineOwner.NAME_LABEL))
                        .exec())
            .stream()
            .map(Container::getLabels);
    Stream.concat(ofNetworks, ofContainers)
        .flatMap(labels -> Stream.ofNullable(owner(labels)))
        .forEach(owners::add);
    return List.copyOf(owners);
  }

  /** Labels that somebody else has made up belong to nobody. */
  private static @Nullable MachineOwner owner(Map<String, String> labels) {
    try {
      return new MachineOwner(
          labels.getOrDefault(MachineOwner.NAME_LABEL, ""),
          MachineOwner.Purpose.valueOf(
              labels.getOrDefault(MachineOwner.PURPOSE_LABEL, "").toUpperCase(Locale.ROOT)),
          labels.getOrDefault(MachineOwner.HOME_LABEL, ""));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
