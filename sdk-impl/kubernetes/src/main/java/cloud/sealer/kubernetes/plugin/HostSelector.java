package cloud.sealer.kubernetes.plugin;

import static cloud.sealer.core.finding.Diagnostics.quote;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.SealerException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Which hosts a plugin is for: the {@code on} of its document.
 *
 * <ul>
 *   <li>nothing: all, control planes first;
 *   <li>a label selector of Kubernetes, such as {@code node-role.kubernetes.io/master=} or {@code
 *       gpu in (a, b)}: the nodes that have the labels. It is one if it has {@code =}, {@code !} or
 *       parentheses;
 *   <li>otherwise a list with commas of roles ({@code master}, {@code node}, any other of the
 *       Clusterfile), {@code master0} for the initial control plane, addresses, and ranges of them.
 * </ul>
 */
public final class HostSelector {
  /** The word for the initial control plane. */
  static final String INITIAL = "master0";

  private static final Pattern LABELS = Pattern.compile("[=!()]");
  private static final Pattern LABEL_KEY =
      Pattern.compile("!?\\s*[A-Za-z0-9][A-Za-z0-9_./-]*\\s*(?:[=!\\s(].*)?", Pattern.DOTALL);

  private HostSelector() {}

  /** Whether a text selects by the labels of nodes, for which the API server must be asked. */
  public static boolean byLabels(String on) {
    return LABELS.matcher(on).find();
  }

  /**
   * The hosts that a text selects.
   *
   * @param on the text
   * @param hosts all hosts of the cluster
   * @param nodes the internal addresses of the nodes that a label selector matches; asked only if
   *     the text is one
   * @return at least one host, each once, in the order of the text and of the cluster
   * @throws SealerException with {@link ErrorCode#PLUGIN_FAILED} if a part of it selects none
   */
  public static List<Host> select(
      String on, List<Host> hosts, Function<String, ? extends Collection<String>> nodes) {
    if (on.isBlank()) {
      return ordered(hosts);
    }
    Set<Host> selected = new LinkedHashSet<>();
    if (byLabels(on)) {
      Collection<String> addresses = nodes.apply(on.strip());
      ordered(hosts).stream()
          .filter(host -> addresses.contains(host.address().host()))
          .forEach(selected::add);
      if (selected.isEmpty()) {
        throw none(on);
      }
      return List.copyOf(selected);
    }
    for (String part : on.split(",", -1)) {
      List<Host> some = part(part.strip(), hosts);
      if (some.isEmpty()) {
        throw none(part.strip());
      }
      selected.addAll(some);
    }
    return List.copyOf(selected);
  }

  private static List<Host> ordered(List<Host> hosts) {
    List<Host> ordered = new ArrayList<>(hosts.stream().filter(Host::controlPlane).toList());
    hosts.stream().filter(host -> !host.controlPlane()).forEach(ordered::add);
    return List.copyOf(ordered);
  }

  private static List<Host> part(String part, List<Host> hosts) {
    if (part.equals(INITIAL)) {
      return hosts.stream().filter(Host::controlPlane).limit(1).toList();
    }
    List<Host> byRole = hosts.stream().filter(host -> host.roles().contains(part)).toList();
    if (!byRole.isEmpty()) {
      return byRole;
    }
    List<Host> byAddress = new ArrayList<>();
    try {
      for (HostAddress address : HostAddress.parseList(part)) {
        hosts.stream().filter(host -> matches(address, host)).forEach(byAddress::add);
      }
    } catch (IllegalArgumentException e) {
      throw none(part);
    }
    return byAddress;
  }

  /** An address without a port is that of any host there. */
  static boolean matches(HostAddress address, Host host) {
    return address.host().equals(host.address().host())
        && (address.port() == 0 || address.port() == host.port());
  }

  private static SealerException none(String part) {
    return SealerException.builder(
            ErrorCode.PLUGIN_FAILED, "on: " + quote(part) + " selects no host of the cluster")
        .remedy("use a role, " + INITIAL + ", an address, a range, or a label selector")
        .build();
  }

  /** Reports what can be known to be wrong without the cluster. */
  static void check(Scalar on, Set<Phase> phases, Findings findings) {
    String text = on.text().strip();
    if (text.isEmpty()) {
      return;
    }
    if (byLabels(text)) {
      Set<Phase> early = EnumSet.copyOf(phases);
      early.removeAll(PluginType.whileNodesAreThere());
      if (!early.isEmpty()) {
        findings.error(
            on.place(),
            text,
            "spec.on selects by labels, but there are no nodes in "
                + early.iterator().next().text(),
            "use a role, " + INITIAL + " or addresses");
      } else if (!LABEL_KEY.matcher(text).matches()) {
        findings.error(on.place(), text, "spec.on is no label selector", "write KEY=VALUE");
      }
      return;
    }
    for (String part : text.split(",", -1)) {
      checkPart(part.strip(), on, findings);
    }
  }

  private static void checkPart(String part, Scalar on, Findings findings) {
    if (part.matches("[A-Za-z][A-Za-z0-9_-]*")) {
      return;
    }
    try {
      HostAddress.parseList(part);
    } catch (IllegalArgumentException e) {
      findings.error(
          on.place(),
          part,
          "spec.on: " + e.getMessage(),
          "use a role, " + INITIAL + ", an address, a range, or a label selector");
    }
  }
}
