package cloud.sealer.kubernetes.rootfs;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The configuration of containerd, {@code /etc/containerd/config.toml}: what the host has, with the
 * one setting added that makes it look for {@code hosts.toml} files. Comments and order stay.
 *
 * @see <a href="https://github.com/containerd/containerd/blob/main/docs/cri/registry.md">how its
 *     CRI finds registries</a>
 */
public final class ContainerdConfig {
  /** Where {@code hosts.toml} files are looked for, if the host does not say. */
  public static final String DIRECTORY = "/etc/containerd/certs.d";

  private static final String FILE = "/etc/containerd/config.toml of the host";
  private static final String KEY = "config_path";
  private static final Pattern VERSION =
      Pattern.compile("\\s*version\\s*=\\s*([0-9]+)\\s*(?:#.*)?");
  private static final Pattern TABLE = Pattern.compile("\\s*\\[([^\\[\\]]+)]\\s*(?:#.*)?");
  private static final Pattern SETTING =
      Pattern.compile("\\s*config_path\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)')\\s*(?:#.*)?");

  private ContainerdConfig() {}

  /**
   * A configuration, and where it has {@code hosts.toml} files looked for.
   *
   * @param text the file
   * @param directory the directory
   */
  public record Merged(String text, String directory) {}

  /**
   * Adds the setting, unless the host has it.
   *
   * @param host the file of the host; empty if there is none
   * @return the new file; the host's own text if it has the setting
   * @throws SealerException with {@link ErrorCode#HOST_IO} if the host has mirrors in the older
   *     form, beside which containerd takes no directory
   */
  public static Merged merge(String host) {
    List<String> lines = new ArrayList<>(host.lines().toList());
    String table = table(lines);
    int header = -1;
    String current = "";
    for (int i = 0; i < lines.size(); i++) {
      Matcher begin = TABLE.matcher(lines.get(i));
      if (begin.matches()) {
        current = plain(begin.group(1));
        header = current.equals(plain(table)) ? i : header;
        refuseOldForm(current, plain(table));
        continue;
      }
      Matcher setting = SETTING.matcher(lines.get(i));
      if (current.equals(plain(table)) && setting.matches()) {
        String value = setting.group(1) == null ? setting.group(2) : setting.group(1);
        if (!value.isEmpty()) {
          return new Merged(host, value.split(":", 2)[0]);
        }
        lines.set(i, "  " + KEY + " = \"" + DIRECTORY + "\"");
        return merged(lines);
      }
    }
    if (header >= 0) {
      lines.add(header + 1, "  " + KEY + " = \"" + DIRECTORY + "\"");
      return merged(lines);
    }
    if (lines.stream().allMatch(String::isBlank)) {
      lines.clear();
      lines.add("version = 2");
    }
    lines.addAll(List.of("", "[" + table + "]", "  " + KEY + " = \"" + DIRECTORY + "\""));
    return merged(lines);
  }

  private static Merged merged(List<String> lines) {
    return new Merged(String.join("\n", lines) + "\n", DIRECTORY);
  }

  /** The table of the setting, which has moved with the versions of the file. */
  private static String table(List<String> lines) {
    boolean blank = lines.stream().allMatch(String::isBlank);
    int version = blank ? 2 : 1;
    for (String line : lines) {
      Matcher matcher = VERSION.matcher(line);
      if (matcher.matches()) {
        version = Integer.parseInt(matcher.group(1));
      }
    }
    return switch (version) {
      case 1 -> "plugins.cri.registry";
      case 2 -> "plugins.\"io.containerd.grpc.v1.cri\".registry";
      default -> "plugins.\"io.containerd.cri.v1.images\".registry";
    };
  }

  private static String plain(String table) {
    return table.replaceAll("[\"'\\s]", "");
  }

  private static void refuseOldForm(String table, String registry) {
    if (table.startsWith(registry + ".mirrors")) {
      throw SealerException.builder(
              ErrorCode.HOST_IO,
              FILE + " has mirrors of registries in the older form, [" + table + "]")
          .remedy(
              "move them into hosts.toml files below "
                  + DIRECTORY
                  + ": containerd takes only one of both")
          .build();
    }
  }
}
