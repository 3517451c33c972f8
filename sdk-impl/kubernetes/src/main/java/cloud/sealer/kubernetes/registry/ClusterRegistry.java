package cloud.sealer.kubernetes.registry;

import cloud.sealer.kubernetes.rootfs.RegistrySettings;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.HostAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * The registry of one cluster.
 *
 * @param settings what the image says of it
 * @param host the host it runs on
 * @param address the address of that host
 * @param names the other registries it stands in for, such as {@code quay.io}, sorted; without
 *     docker.io, for which docker has mirrors
 */
public record ClusterRegistry(
    RegistrySettings settings, HostView host, String address, List<String> names) {
  private static final String DOCKER = "docker.io";

  /** Checks and copies the parts. */
  public ClusterRegistry {
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(host, "host");
    names = List.copyOf(names);
  }

  /** The registries that images come from, but for docker.io and the cluster's own. */
  public static List<String> registries(
      Collection<ContainerImage> images, RegistrySettings settings) {
    TreeSet<String> names = new TreeSet<>();
    for (ContainerImage image : images) {
      names.add(image.reference().registry());
    }
    names.removeIf(
        name ->
            name.equals(DOCKER)
                || name.equals(settings.authority())
                || name.startsWith("localhost")
                || name.matches("[0-9.:\\[\\]]+"));
    return List.copyOf(names);
  }

  /** Where the host is. */
  HostAddress hostAddress() {
    return host.address();
  }

  /** Every name that leads to it, its own first; docker.io by the spelling of who asks. */
  List<String> allNames(String docker) {
    List<String> all = new ArrayList<>(List.of(settings.authority(), docker));
    all.addAll(names);
    return all;
  }

  /** Differs when who logs in, or any of those names, does. */
  String loginFingerprint(String docker) {
    return settings.credentials().map(Credentials::username).orElse("")
        + "\n"
        + String.join("\n", allNames(docker));
  }

  /** The names that its certificate must have, its own first. */
  List<String> certificateNames() {
    List<String> all = new ArrayList<>(List.of(settings.domain(), address));
    names.forEach(name -> all.add(hostName(name)));
    return all.stream().distinct().toList();
  }

  /** A name of a registry without its port. */
  static String hostName(String registry) {
    int colon = registry.lastIndexOf(':');
    return colon < 0 ? registry : registry.substring(0, colon);
  }

  /** The port of a registry. */
  static int port(String registry) {
    int colon = registry.lastIndexOf(':');
    return colon < 0 ? 443 : Integer.parseInt(registry.substring(colon + 1));
  }
}
