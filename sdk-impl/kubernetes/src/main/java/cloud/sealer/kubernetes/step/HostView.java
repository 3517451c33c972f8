package cloud.sealer.kubernetes.step;

import cloud.sealer.kubernetes.record.HostPaths;
import cloud.sealer.kubernetes.record.HostRecord;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostFacts;
import java.util.Objects;
import java.util.Set;

/**
 * What is known of a host before a change.
 *
 * @param host the host with its merged settings
 * @param facts what it is
 * @param paths where our files are on it
 * @param record what our record on it says; an empty one if it has none
 * @param layers the layers it has, whole and checked
 * @param traits short words on what else it has: traits, such as {@code zstd}, {@code systemd},
 *     {@code without-MODULE}, {@code cluster-of-NAME}
 */
public record HostView(
    Host host,
    HostFacts facts,
    HostPaths paths,
    HostRecord record,
    Set<Digest> layers,
    Set<String> traits) {
  /** Checks and copies the parts. */
  public HostView {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(facts, "facts");
    Objects.requireNonNull(paths, "paths");
    Objects.requireNonNull(record, "record");
    layers = Set.copyOf(layers);
    traits = Set.copyOf(traits);
  }

  /** Where it is. */
  public HostAddress address() {
    return host.address();
  }

  /** The same host with another record. */
  public HostView withRecord(HostRecord newRecord) {
    return new HostView(host, facts, paths, newRecord, layers, traits);
  }
}
