package cloud.sealer.core.registry;

import cloud.sealer.sdk.RegistryHost;
import cloud.sealer.sdk.RegistryOptions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the settings of a registry, by its name or by where its URLs lead. */
final class Hosts {
  private final Map<String, RegistryHost> hosts;

  Hosts(RegistryOptions options) {
    hosts = options.hosts();
  }

  /** The settings of a registry as image names have it. */
  Optional<RegistryHost> named(String registry) {
    return Optional.ofNullable(hosts.get(registry.toLowerCase(Locale.ROOT)));
  }

  /** The settings of a server. */
  Optional<RegistryHost> at(Origin origin) {
    return names(origin).stream().map(hosts::get).flatMap(Stream::ofNullable).findFirst();
  }

  /** How users may have written a server: without the port of the scheme, or with it. */
  static List<String> names(Origin origin) {
    String host =
        origin.host().equals(Addresses.DOCKER_HUB_API) ? Addresses.DOCKER_HUB : origin.host();
    return origin.authority().equals(origin.host())
        ? List.of(host, host + ":" + origin.port())
        : List.of(origin.authority());
  }

  /** The registries that are asked over plain HTTP. */
  Set<String> plainHttp() {
    return hosts.values().stream()
        .filter(RegistryHost::plainHttp)
        .map(RegistryHost::host)
        .collect(Collectors.toUnmodifiableSet());
  }
}
