package cloud.sealer.testkit;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A resource of an {@link EmbeddedCloud}: what its interface tells of it, and what it really is.
 */
final class CloudResource {
  final String kind;
  final String id;
  final Map<String, String> tags = new TreeMap<>();

  /** What is told in lists. */
  final Map<String, Object> fields = new TreeMap<>();

  /** Rules of a security group: protocol, ports, source. */
  final Set<List<String>> rules = ConcurrentHashMap.newKeySet();

  /** How often a client may look before its state changes. */
  int polls;

  /** Whether it is on its way out. */
  volatile boolean ending;

  volatile CloudMachines.@Nullable Started machine;
  volatile @Nullable String failure;
  @Nullable CloudRelay relay;

  CloudResource(String kind, String id) {
    this.kind = kind;
    this.id = id;
  }

  String text(String field) {
    return String.valueOf(fields.getOrDefault(field, ""));
  }

  boolean has(String field, String value) {
    return text(field).equals(value);
  }
}
