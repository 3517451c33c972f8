package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.record.ClusterRecords;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.HostAddress;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keeps our own record of a cluster true while it is changed. */
final class RecordKeeper {
  private final ClusterRecords records;
  private final Prepared prepared;
  private final Clock clock;

  RecordKeeper(ClusterRecords records, Prepared prepared, Clock clock) {
    this.records = records;
    this.prepared = prepared;
    this.clock = clock;
  }

  /** Before anything is changed: so that whatever happens, a deletion knows all hosts. */
  void begin() {
    if (!prepared.plan().nothingToDo()) {
      save(known(), false);
    }
  }

  /** Nodes of before and hosts that leave; the hosts of the spec are known by that. */
  private Set<HostAddress> known() {
    Set<HostAddress> known =
        new LinkedHashSet<>(recorded().map(ClusterState::nodes).orElse(List.of()));
    prepared.target().leaving().forEach(host -> known.add(host.address()));
    return known;
  }

  /** After all, or what there was of it. */
  void end(Collection<HostProgress> hosts, boolean returned) {
    boolean complete = returned && hosts.stream().allMatch(HostProgress::complete);
    Set<HostAddress> nodes = known();
    for (HostProgress host : hosts) {
      boolean leaving =
          prepared.situation().leaving().stream()
              .anyMatch(view -> view.address().equals(host.address()));
      if (host.complete() && leaving) {
        nodes.remove(host.address());
      } else if (host.complete()) {
        nodes.add(host.address());
      }
    }
    prepared.situation().lost().forEach(host -> nodes.remove(host.address()));
    if (complete && prepared.target().change() instanceof ClusterChange.Delete) {
      records.remove(prepared.target().spec().name());
    } else if (!complete && nothingLeft(hosts)) {
      records.remove(prepared.target().spec().name());
    } else if (!complete || changed(nodes)) {
      save(nodes, complete);
    }
  }

  /** A first run that was rolled back. */
  private boolean nothingLeft(Collection<HostProgress> hosts) {
    return recorded().isEmpty() && hosts.stream().allMatch(HostProgress::clean);
  }

  private boolean changed(Set<HostAddress> nodes) {
    Optional<ClusterState> last = records.find(prepared.target().spec().name());
    return last.isEmpty()
        || !last.get().complete()
        || !Set.copyOf(last.get().nodes()).equals(nodes)
        || !last.get().image().equals(image())
        || !last.get().spec().toYaml().equals(prepared.target().spec().toYaml());
  }

  private Optional<ClusterState> recorded() {
    return prepared.target().recorded();
  }

  private Digest image() {
    return prepared
        .situation()
        .image()
        .map(image -> image.image().digest())
        .or(() -> recorded().map(ClusterState::image))
        .orElseThrow();
  }

  private void save(Set<HostAddress> nodes, boolean complete) {
    records.save(
        new ClusterState(
            prepared.target().spec(), image(), List.copyOf(nodes), complete, clock.instant()));
  }
}
