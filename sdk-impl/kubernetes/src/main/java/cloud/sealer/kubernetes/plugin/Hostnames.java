package cloud.sealer.kubernetes.plugin;

import static cloud.sealer.core.finding.Diagnostics.quote;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.PluginSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The data of a plugin of type {@code HOSTNAME}: lines {@code ADDRESS NAME}.
 *
 * @param names the names to give, in the order of the data
 */
public record Hostnames(Map<HostAddress, String> names) {
  private static final String FORM = "ADDRESS NAME";
  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,63}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*");

  /** Copies the names. */
  public Hostnames {
    names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
  }

  /** The names of a plugin. */
  public static Hostnames of(PluginSpec plugin) {
    return DataLine.of(plugin, Hostnames::parse);
  }

  /** The name a host is to have; empty to leave it as it is. */
  public Optional<String> nameOf(Host host) {
    return names.entrySet().stream()
        .filter(entry -> HostSelector.matches(entry.getKey(), host))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  static Hostnames parse(Scalar data, Findings findings) {
    Map<HostAddress, String> names = new LinkedHashMap<>();
    for (DataLine line : DataLine.read(data, FORM, findings)) {
      List<HostAddress> addresses = line.addresses();
      String name = line.value();
      if (addresses.size() > 1) {
        findings.error(line.place(), name, "several hosts cannot have the name " + quote(name), "");
      } else if (!NAME.matcher(name).matches()) {
        findings.error(
            line.place(),
            name,
            quote(name) + " is no name of a node",
            "use at most 63 lower-case letters, digits and dashes, and dots between");
      } else if (names.containsValue(name)) {
        findings.error(line.place(), name, "two hosts have the name " + quote(name), "");
      } else if (names.putIfAbsent(addresses.get(0), name) != null) {
        findings.error(line.place(), name, "the host " + addresses.get(0) + " has two names", "");
      }
    }
    return new Hostnames(names);
  }
}
