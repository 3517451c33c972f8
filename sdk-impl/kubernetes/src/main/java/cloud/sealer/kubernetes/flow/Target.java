package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.record.ClusterRecords;
import cloud.sealer.kubernetes.record.HostPaths;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostGroup;
import cloud.sealer.sdk.RegistrySpec;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SecretProvider;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a change wants.
 *
 * @param change the change
 * @param spec how the cluster should be; for a deletion, how it was
 * @param recorded what is recorded of it here
 * @param image the name or digest of the image to use; empty if none is needed
 * @param hosts the hosts afterwards
 * @param leaving the hosts to be taken out
 */
record Target(
    ClusterChange change,
    ClusterSpec spec,
    Optional<ClusterState> recorded,
    Optional<String> image,
    List<Host> hosts,
    List<Host> leaving) {

  static Target of(ClusterChange change, ClusterRecords records) {
    checkName(change.cluster());
    if (change instanceof ClusterChange.Apply apply) {
      Optional<ClusterState> recorded = records.find(change.cluster());
      Target target = of(change, apply.spec(), recorded, Optional.of(apply.spec().image()));
      recorded.ifPresent(state -> requireSameRoot(state.spec(), apply.spec()));
      if (target.hosts.isEmpty()) {
        throw invalid("the cluster " + change.cluster() + " has no hosts", "name some");
      }
      return target;
    }
    ClusterState state = records.require(change.cluster());
    ClusterSpec spec = state.spec();
    Optional<ClusterState> recorded = Optional.of(state);
    Optional<String> same = Optional.of(state.image().toString());
    if (change instanceof ClusterChange.Join join) {
      return of(change, joined(spec, join.groups()), recorded, same);
    } else if (change instanceof ClusterChange.Remove remove) {
      return of(change, without(state, remove.hosts()), recorded, Optional.empty());
    } else if (change instanceof ClusterChange.Upgrade upgrade) {
      ClusterSpec newer = spec.toBuilder().image(upgrade.image()).build();
      return of(change, newer, recorded, Optional.of(upgrade.image()));
    } else if (change instanceof ClusterChange.ExtendCertificate) {
      return of(change, spec, recorded, same);
    }
    return new Target(change, spec, recorded, Optional.empty(), List.of(), known(state, spec));
  }

  private static void requireSameRoot(ClusterSpec before, ClusterSpec after) {
    if (!before.dataRoot().equals(after.dataRoot())) {
      throw invalid(
          "the cluster "
              + after.name()
              + " has its files in "
              + before.dataRoot()
              + ", and they cannot move to "
              + after.dataRoot(),
          "leave dataRoot as it is, or delete the cluster first");
    }
  }

  /** The same with another spec. */
  Target withSpec(ClusterSpec other) {
    return new Target(change, other, recorded, image, hosts, leaving);
  }

  /** The same with the password of the registry, if the spec has a user but no password. */
  Target withSecrets(SecretProvider secrets) {
    RegistrySpec registry = spec.registry();
    if (registry.username().isEmpty() || registry.password().isPresent() || hosts.isEmpty()) {
      return this;
    }
    HostAddress address = registry.host().orElse(hosts.get(0).address());
    return secrets
        .secret(SecretProvider.Kind.REGISTRY_PASSWORD, address, registry.username().get())
        .map(password -> registry.toBuilder().password(password).build())
        .map(known -> withSpec(spec.toBuilder().registry(known).build()))
        .orElse(this);
  }

  private static Target of(
      ClusterChange change,
      ClusterSpec spec,
      Optional<ClusterState> recorded,
      Optional<String> image) {
    List<Host> hosts = spec.hosts();
    Set<HostAddress> staying = new HashSet<>(hosts.stream().map(Host::address).toList());
    List<Host> leaving =
        recorded.stream()
            .flatMap(state -> known(state, spec).stream())
            .filter(host -> !staying.contains(host.address()))
            .toList();
    return new Target(change, spec, recorded, image, hosts, leaving);
  }

  /** Every host a run may have touched: those of the recorded spec and the recorded nodes. */
  private static List<Host> known(ClusterState state, ClusterSpec spec) {
    List<Host> known = new ArrayList<>(state.spec().hosts());
    for (HostAddress node : state.nodes()) {
      if (known.stream().noneMatch(host -> host.address().equals(node))) {
        known.add(new Host(node, Set.of(), spec.ssh(), spec.env()));
      }
    }
    return known;
  }

  private static void checkName(String cluster) {
    try {
      new HostPaths(HostPaths.DATA, cluster);
    } catch (IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()), "give the name of one cluster");
    }
  }

  private static ClusterSpec joined(ClusterSpec spec, List<HostGroup> groups) {
    ClusterSpec.Builder builder = spec.toBuilder();
    Set<HostAddress> there = new HashSet<>(spec.hosts().stream().map(Host::address).toList());
    for (HostGroup group : groups) {
      List<HostAddress> fresh = group.addresses().stream().filter(there::add).toList();
      if (!fresh.isEmpty()) {
        builder.group(new HostGroup(fresh, group.roles(), group.ssh(), group.env()));
      }
    }
    return builder.build();
  }

  private static ClusterSpec without(ClusterState state, List<HostAddress> gone) {
    ClusterSpec spec = state.spec();
    // A removal that was cut short has taken its hosts out of the spec, but they are nodes yet.
    List<HostAddress> there = known(state, spec).stream().map(Host::address).toList();
    for (HostAddress address : gone) {
      if (!there.contains(address)) {
        throw invalid(
            address + " is no host of the cluster " + spec.name(), "its hosts are " + there);
      }
    }
    List<HostGroup> rest = new ArrayList<>();
    for (HostGroup group : spec.groups()) {
      List<HostAddress> stay =
          group.addresses().stream().filter(address -> !gone.contains(address)).toList();
      if (!stay.isEmpty()) {
        rest.add(new HostGroup(stay, group.roles(), group.ssh(), group.env()));
      }
    }
    ClusterSpec smaller = spec.toBuilder().groups(rest).build();
    if (smaller.controlPlanes().isEmpty()) {
      throw invalid(
          "this would remove the whole control plane of " + spec.name(),
          "leave a host of it, or delete the cluster");
    }
    return smaller;
  }

  private static SealerException invalid(String message, String remedy) {
    return SealerException.builder(ErrorCode.INVALID_REQUEST, message).remedy(remedy).build();
  }

  /** All hosts of the change, those that stay first. */
  List<Host> all() {
    List<Host> all = new ArrayList<>(hosts);
    all.addAll(leaving);
    return all;
  }
}
