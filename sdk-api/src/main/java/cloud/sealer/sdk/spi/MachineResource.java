package cloud.sealer.sdk.spi;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One thing that a provider makes for machines: a machine, a network, an address, a disk.
 *
 * @param kind what it is, in the provider's words, such as {@code network}
 * @param name its name, chosen before it is made and unique within kind and owner; a provider whose
 *     calls take a token against doing a thing twice derives the token from it
 * @param id what the provider's interface calls it; empty until that is known
 * @param attributes what the provider must know to go on or to remove it, such as a zone; no
 *     secrets
 */
public record MachineResource(String kind, String name, String id, Map<String, String> attributes) {
  /** Checks and copies the parts. */
  public MachineResource {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(id, "id");
    attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
  }

  /**
   * A resource that is about to be made.
   *
   * @param kind what it is
   * @param name its name
   * @return the resource, without identifier
   */
  public static MachineResource planned(String kind, String name) {
    return new MachineResource(kind, name, "", Map.of());
  }

  /**
   * The resource once it is made.
   *
   * @param newId what the provider's interface calls it
   * @return a copy with the identifier
   */
  public MachineResource made(String newId) {
    return new MachineResource(kind, name, newId, attributes);
  }

  /**
   * The resource with one more attribute.
   *
   * @param attribute the attribute's name
   * @param value its value
   * @return a copy
   */
  public MachineResource with(String attribute, String value) {
    Map<String, String> more = new TreeMap<>(attributes);
    more.put(attribute, value);
    return new MachineResource(kind, name, id, more);
  }

  /** Returns {@code kind name (id)}. */
  @Override
  public String toString() {
    return kind + " " + name + (id.isEmpty() ? "" : " (" + id + ")");
  }
}
