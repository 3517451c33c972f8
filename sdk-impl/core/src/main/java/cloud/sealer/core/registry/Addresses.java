package cloud.sealer.core.registry;

import cloud.sealer.sdk.ErrorCode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Knows the URL of each registry, and where plain HTTP may be spoken: only where the options say
 * so, never as a fall-back.
 */
final class Addresses {
  static final String DOCKER_HUB = "docker.io";
  static final String DOCKER_HUB_API = "registry-1.docker.io";

  private final Set<String> plainHttp;

  Addresses(Set<String> plainHttp) {
    this.plainHttp =
        plainHttp.stream()
            .map(host -> host.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** The URL of a path below {@code /v2/} of a registry. */
  URI of(String registry, String path) throws RegistryFailure {
    String host = registry.equals(DOCKER_HUB) ? DOCKER_HUB_API : registry;
    String scheme = plainHttp.contains(registry.toLowerCase(Locale.ROOT)) ? "http" : "https";
    try {
      return checked(new URI(scheme + "://" + host + "/v2/" + path));
    } catch (URISyntaxException e) {
      throw RegistryFailure.of(ErrorCode.INVALID_REQUEST, "not a registry: \"" + registry + "\"");
    }
  }

  /**
   * The URL that a server names in a header, absolute or relative.
   *
   * @param header which header, for the message
   * @throws RegistryFailure if there is none, it is no URL, or it leaves HTTPS for plain HTTP
   */
  URI named(URI base, @Nullable String text, String header) throws RegistryFailure {
    if (text == null || text.isBlank()) {
      throw RegistryFailure.of(
          ErrorCode.REGISTRY_ERROR,
          Origin.of(base).authority() + " sends no " + header + " header");
    }
    URI target;
    try {
      target = checked(base.resolve(new URI(text.strip())));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw RegistryFailure.of(
          ErrorCode.REGISTRY_ERROR,
          Origin.of(base).authority() + " sends an unusable URL in its " + header + " header");
    }
    Origin origin = Origin.of(target);
    if (origin.isPlain() && !Origin.of(base).isPlain() && !isPlainAllowed(origin)) {
      throw RegistryFailure.of(
              ErrorCode.REGISTRY_ERROR,
              Origin.of(base).authority()
                  + " answers over HTTPS but its "
                  + header
                  + " header leads to plain HTTP at "
                  + origin.authority())
          .remedy(
              "let the registry's proxy send X-Forwarded-Proto: https, or allow plain HTTP there: "
                  + plainOption(origin.authority()));
    }
    return target;
  }

  boolean isPlainAllowed(Origin origin) {
    return plainHttp.contains(origin.authority())
        || plainHttp.contains(origin.host() + ":" + origin.port());
  }

  /** How a user allows plain HTTP at a host. */
  static String plainOption(String host) {
    return "RegistryOptions.plainHttp(\"" + host + "\"), on the command line --plain-http " + host;
  }

  private static URI checked(URI uri) throws URISyntaxException {
    String scheme = uri.getScheme();
    if (uri.getHost() == null
        || uri.getUserInfo() != null
        || !("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
      throw new URISyntaxException("", "not an http or https URL");
    }
    return uri;
  }
}
