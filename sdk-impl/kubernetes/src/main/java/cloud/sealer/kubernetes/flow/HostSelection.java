package cloud.sealer.kubernetes.flow;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SealerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Picks hosts by roles, addresses and ranges. */
final class HostSelection {
  private static final String FIRST = "master0";

  private HostSelection() {}

  /**
   * The hosts that are selected, in their own order.
   *
   * @param text roles, {@code master0}, addresses and ranges with commas between; empty for all
   * @throws SealerException with {@link ErrorCode#INVALID_REQUEST} if a part selects no host
   */
  static List<Host> select(List<Host> hosts, String text) {
    if (text.isBlank()) {
      return hosts;
    }
    Set<Host> selected = new java.util.HashSet<>();
    for (String part : text.split(",", -1)) {
      List<Host> found = find(hosts, part.strip());
      if (found.isEmpty()) {
        throw SealerException.builder(
                ErrorCode.INVALID_REQUEST, "\"" + part.strip() + "\" selects no host")
            .remedy(
                "use a role such as master or node, or addresses of "
                    + hosts.stream().map(Host::address).toList())
            .build();
      }
      selected.addAll(found);
    }
    return hosts.stream().filter(selected::contains).toList();
  }

  private static List<Host> find(List<Host> hosts, String part) {
    List<Host> byRole = hosts.stream().filter(host -> host.roles().contains(part)).toList();
    if (!byRole.isEmpty()) {
      return byRole;
    }
    if (part.equals(FIRST)) {
      return hosts.stream().filter(Host::controlPlane).limit(1).toList();
    }
    List<Host> byAddress = new ArrayList<>();
    try {
      for (HostAddress address : HostAddress.parseList(part)) {
        hosts.stream()
            .filter(
                host ->
                    host.address().host().equals(address.host())
                        && (address.port() == 0 || address.port() == host.port()))
            .forEach(byAddress::add);
      }
    } catch (IllegalArgumentException e) {
      return List.of();
    }
    return byAddress;
  }
}
