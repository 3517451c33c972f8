package cloud.sealer.kubernetes.rootfs;

import cloud.sealer.sdk.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * How containerd finds what one registry has, {@code hosts.toml}: in the cluster's registry first.
 *
 * @see <a href="https://github.com/containerd/containerd/blob/main/docs/hosts.md">the file</a>
 */
public final class HostsToml {
  private static final String HUB = "https://registry-1.docker.io";

  private HostsToml() {}

  /**
   * Puts the cluster's registry before all other places.
   *
   * @param existing the file of the host; empty if there is none
   * @param registry the registry that images are named after, such as {@code docker.io}
   * @param own the cluster's registry
   * @param authority the file on the host with the certificate of its authority
   * @return the new file, which has the password of a guarded registry
   */
  public static String merge(
      String existing, String registry, RegistrySettings own, String authority) {
    String header = "[host.\"https://" + own.authority() + "\"";
    List<String> block = new ArrayList<>();
    block.add(header + "]");
    block.add("  capabilities = [\"pull\", \"resolve\"]");
    block.add("  ca = \"" + authority + "\"");
    authorization(own.credentials())
        .ifPresent(
            value -> {
              block.add("  " + header + ".header]");
              block.add("    authorization = \"" + value + "\"");
            });
    List<String> lines = without(existing.lines().toList(), header);
    if (lines.stream().allMatch(String::isBlank)) {
      lines = new ArrayList<>(List.of("server = \"" + server(registry) + "\"", ""));
    }
    int first = 0;
    while (first < lines.size() && !lines.get(first).strip().startsWith("[")) {
      first++;
    }
    lines.addAll(first, block);
    return String.join("\n", lines) + "\n";
  }

  /** The lines but those of our own tables, from an earlier run. */
  private static List<String> without(List<String> lines, String header) {
    List<String> kept = new ArrayList<>();
    boolean own = false;
    for (String line : lines) {
      String start = line.strip();
      if (start.startsWith("[")) {
        own = start.startsWith(header + "]") || start.startsWith(header + ".");
      }
      if (!own) {
        kept.add(line);
      }
    }
    return kept;
  }

  private static String server(String registry) {
    return registry.equals("docker.io") ? HUB : "https://" + registry;
  }

  private static Optional<String> authorization(Optional<Credentials> credentials) {
    return credentials.map(
        known ->
            "Basic "
                + Base64.getEncoder()
                    .encodeToString(
                        (known.username() + ":" + known.secret())
                            .getBytes(StandardCharsets.UTF_8)));
  }
}
