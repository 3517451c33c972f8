package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.record.ClusterRecords;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.ClusterState.Application;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SshOptions;
import java.time.Clock;
import java.util.ArrayList;
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
      save(known(), true, false);
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
    if (complete) {
      // Else the cluster may still count on them, and the next run has to see to that.
      prepared.situation().lost().forEach(host -> nodes.remove(host.address()));
    }
    if (complete && prepared.target().change() instanceof ClusterChange.Delete) {
      records.remove(prepared.target().spec().name());
    } else if (!complete && nothingLeft(hosts)) {
      records.remove(prepared.target().spec().name());
    } else if (!complete || changed(nodes)) {
      save(nodes, complete || hosts.stream().anyMatch(RecordKeeper::hasMore), complete);
    }
  }

  /** Whether a host has an application that it had not before, and that was not taken back. */
  private static boolean hasMore(HostProgress host) {
    return !host.record().applications().equals(host.initialRecord().applications());
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
        || !texts(last.get().applications()).equals(texts(applications(true)))
        || !last.get().spec().toYaml().equals(spec().toYaml());
  }

  private Optional<ClusterState> recorded() {
    return prepared.target().recorded();
  }

  /** An application leaves the cluster itself as it is. */
  private Optional<ClusterState> underneath() {
    return recorded().filter(state -> prepared.situation().installsApplication());
  }

  private ClusterSpec spec() {
    return underneath().map(ClusterState::spec).orElse(prepared.target().spec());
  }

  private Digest image() {
    return underneath()
        .map(ClusterState::image)
        .or(() -> prepared.situation().image().map(image -> image.image().digest()))
        .or(() -> recorded().map(ClusterState::image))
        .orElseThrow();
  }

  /** What is installed; a new version of an application takes the place of the one before. */
  private List<Application> applications(boolean another) {
    List<Application> all =
        new ArrayList<>(recorded().map(ClusterState::applications).orElse(List.of()));
    if (another && underneath().isPresent()) {
      ClusterSpec spec = prepared.target().spec();
      all.removeIf(each -> repository(each.spec()).equals(repository(spec)));
      all.add(
          new Application(
              spec.toBuilder().ssh(SshOptions.NONE).build(),
              prepared.situation().requireImage().image().digest()));
    }
    return all;
  }

  private static List<String> texts(List<Application> applications) {
    return applications.stream().map(each -> each.image() + each.spec().toYaml()).toList();
  }

  private static String repository(ClusterSpec spec) {
    try {
      return Reference.parse(spec.image()).repository();
    } catch (IllegalArgumentException e) {
      return spec.image();
    }
  }

  private void save(Set<HostAddress> nodes, boolean another, boolean complete) {
    records.save(
        new ClusterState(
            spec(), image(), applications(another), List.copyOf(nodes), complete, clock.instant()));
  }
}
