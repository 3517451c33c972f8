package cloud.sealer.core.registry;

import cloud.sealer.sdk.HttpProxy;
import cloud.sealer.sdk.RegistryOptions;
import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides whether the proxy for all is for a server, by the patterns that are excepted from it. */
final class ProxyChoice {
  private final Optional<HttpProxy> proxy;
  private final Set<String> exceptions;

  ProxyChoice(RegistryOptions options) {
    proxy = options.proxy();
    exceptions = options.noProxy();
  }

  Optional<HttpProxy> of(Origin server) {
    return proxy.filter(known -> exceptions.stream().noneMatch(text -> matches(text, server)));
  }

  private static boolean matches(String pattern, Origin server) {
    if (pattern.equals("*")) {
      return true;
    }
    String host = unbracketed(server.host());
    int slash = pattern.indexOf('/');
    if (slash >= 0) {
      return isInRange(pattern.substring(0, slash), pattern.substring(slash + 1), host);
    }
    String name = pattern;
    int colon = name.lastIndexOf(':');
    boolean port = colon >= 0 && (name.indexOf(':') == colon || name.charAt(colon - 1) == ']');
    if (port) {
      if (!name.substring(colon + 1).equals(Integer.toString(server.port()))) {
        return false;
      }
      name = name.substring(0, colon);
    }
    name = unbracketed(name.startsWith("*.") ? name.substring(1) : name);
    return name.startsWith(".")
        ? host.endsWith(name)
        : host.equals(name) || host.endsWith("." + name);
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private static boolean isInRange(String network, String length, String host) {
    byte @Nullable [] range = address(network);
    byte @Nullable [] address = address(host);
    if (range == null
        || address == null
        || range.length != address.length
        || !length.matches("[0-9]{1,3}")) {
      return false;
    }
    int bits = Integer.parseInt(length);
    for (int i = 0; i < Math.min(bits, range.length * Byte.SIZE); i++) {
      int mask = 0x80 >> (i % Byte.SIZE);
      if (((range[i / Byte.SIZE] ^ address[i / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  private static byte @Nullable [] address(String text) {
    if (!InetAddresses.isInetAddress(text)) {
      return null;
    }
    InetAddress address = InetAddresses.forString(text);
    return address.getAddress();
  }
}
