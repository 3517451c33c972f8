package cloud.sealer.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Where a host is: an IPv4 address, an IPv6 address or a DNS name, and optionally the port of its
 * SSH server.
 *
 * @param host the address or name, without brackets, lower case
 * @param port the port; 0 if the settings of the connection decide
 */
public record HostAddress(String host, int port) implements Comparable<HostAddress> {
  private static final int MAX_RANGE = 4096;

  /** Checks the parts. */
  public HostAddress {
    host = Objects.requireNonNull(host, "host").toLowerCase(Locale.ROOT);
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("a port is from 1 to 65535, got " + port);
    }
    if (host.indexOf(':') >= 0) {
      host = InetText.canonicalIpv6(host);
    } else if (!InetText.isIpv4(host) && !InetText.isName(host)) {
      throw new IllegalArgumentException(
          "\"" + host + "\" is neither an IP address nor a host name");
    }
  }

  /**
   * Reads one address: {@code 10.0.0.1}, {@code 10.0.0.1:2222}, {@code fd00::1}, {@code
   * [fd00::1]:2222}, {@code node1.example.com}.
   *
   * @param text the address
   * @return the address
   * @throws IllegalArgumentException if the text has another shape
   */
  public static HostAddress parse(String text) {
    String trimmed = text.trim();
    if (trimmed.startsWith("[")) {
      int end = trimmed.indexOf(']');
      if (end < 0) {
        throw new IllegalArgumentException("\"" + text + "\" lacks a closing bracket");
      }
      String rest = trimmed.substring(end + 1);
      if (!rest.isEmpty() && !rest.startsWith(":")) {
        throw new IllegalArgumentException(
            "\"" + text + "\" has something other than a port after ]");
      }
      return new HostAddress(
          trimmed.substring(1, end), rest.isEmpty() ? 0 : port(rest.substring(1), text));
    }
    int colon = trimmed.indexOf(':');
    if (colon >= 0 && colon == trimmed.lastIndexOf(':')) {
      return new HostAddress(trimmed.substring(0, colon), port(trimmed.substring(colon + 1), text));
    }
    return new HostAddress(trimmed, 0);
  }

  /**
   * Reads a list: addresses and ranges {@code FIRST-LAST} of IP addresses, with commas between; a
   * range may end with a port, which counts for all of it. Both forms may be mixed.
   *
   * @param text the list, such as {@code 10.0.0.1,10.0.0.5-10.0.0.7:2222}
   * @return the addresses in the order of the text, each once
   * @throws IllegalArgumentException if a part has another shape, is empty, a range is reversed or
   *     has more than 4096 addresses
   */
  public static List<HostAddress> parseList(String text) {
    List<HostAddress> addresses = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (part.isBlank()) {
        throw new IllegalArgumentException("\"" + text + "\" has an empty address");
      }
      for (HostAddress address : parsePart(part.trim())) {
        if (!addresses.contains(address)) {
          addresses.add(address);
        }
      }
    }
    return List.copyOf(addresses);
  }

  private static List<HostAddress> parsePart(String part) {
    int dash = part.indexOf('-');
    if (dash < 0 || !InetText.isAddress(strip(part.substring(0, dash)))) {
      return List.of(parse(part));
    }
    HostAddress first = parse(part.substring(0, dash));
    HostAddress last = parse(part.substring(dash + 1));
    if (first.port != 0 && first.port != last.port) {
      throw new IllegalArgumentException(
          "\"" + part + "\" has two ports; write the port once, at the end of the range");
    }
    List<HostAddress> range = new ArrayList<>();
    for (String host : InetText.range(first.host, last.host, MAX_RANGE)) {
      range.add(new HostAddress(host, last.port));
    }
    return range;
  }

  private static String strip(String text) {
    String trimmed = text.trim();
    return trimmed.startsWith("[") && trimmed.endsWith("]")
        ? trimmed.substring(1, trimmed.length() - 1)
        : trimmed;
  }

  private static int port(String digits, String text) {
    try {
      int port = Integer.parseInt(digits);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" ends with \"" + digits + "\", which is no port from 1 to 65535");
  }

  /**
   * Whether {@link #host} is an IPv6 address.
   *
   * @return true if so
   */
  public boolean ipv6() {
    return host.indexOf(':') >= 0;
  }

  @Override
  public int compareTo(HostAddress other) {
    int byHost = InetText.compare(host, other.host);
    return byHost != 0 ? byHost : Integer.compare(port, other.port);
  }

  /** Returns a text that {@link #parse} reads as an equal address. */
  @Override
  public String toString() {
    if (port == 0) {
      return host;
    }
    return (ipv6() ? "[" + host + "]" : host) + ":" + port;
  }
}
