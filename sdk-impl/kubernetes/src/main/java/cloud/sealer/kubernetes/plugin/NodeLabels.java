package cloud.sealer.kubernetes.plugin;

import static cloud.sealer.core.finding.Diagnostics.quote;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.PluginSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The data of a plugin of type {@code LABEL}: lines of addresses and labels with commas between,
 * such as {@code 10.0.0.2-10.0.0.4 disk=ssd,gpu=,old-}, where {@code old-} takes a label away.
 *
 * @param changes in the order of the data
 */
public record NodeLabels(List<Change> changes) {
  private static final String FORM = "ADDRESSES KEY=VALUE[,KEY=VALUE...]";
  static final Pattern KEY =
      Pattern.compile(
          "(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/)?"
              + "[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?");
  static final Pattern VALUE =
      Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?");

  /** Copies the changes. */
  public NodeLabels {
    changes = List.copyOf(changes);
  }

  /**
   * Labels of some hosts.
   *
   * @param addresses the hosts
   * @param labels what follows {@code kubectl label node NAME}: {@code key=value} or {@code key-}
   */
  public record Change(List<HostAddress> addresses, List<String> labels) {
    /** Copies the lists. */
    public Change {
      addresses = List.copyOf(addresses);
      labels = List.copyOf(labels);
    }
  }

  /** The labels of a plugin. */
  public static NodeLabels of(PluginSpec plugin) {
    return DataLine.of(plugin, NodeLabels::parse);
  }

  static NodeLabels parse(Scalar data, Findings findings) {
    List<Change> changes = new ArrayList<>();
    for (DataLine line : DataLine.read(data, FORM, findings)) {
      List<String> labels = new ArrayList<>();
      for (String label : line.value().split(",", -1)) {
        check(label.strip(), line, findings);
        labels.add(label.strip());
      }
      changes.add(new Change(line.addresses(), labels));
    }
    return new NodeLabels(changes);
  }

  private static void check(String label, DataLine line, Findings findings) {
    int equals = label.indexOf('=');
    boolean removal = equals < 0 && label.endsWith("-");
    String key = label.substring(0, equals >= 0 ? equals : label.length() - (removal ? 1 : 0));
    if (equals < 0 && !removal) {
      findings.error(
          line.place(),
          label,
          "the label " + quote(label) + " has no =",
          "write KEY=VALUE, or KEY- to take it away");
    } else if (!KEY.matcher(key).matches()) {
      findings.error(line.place(), label, quote(key) + " is no name of a label", "");
    } else if (equals >= 0 && !VALUE.matcher(label.substring(equals + 1)).matches()) {
      findings.error(
          line.place(),
          label,
          quote(label.substring(equals + 1)) + " is no value of a label",
          "use at most 63 letters, digits, dots, dashes and underscores");
    }
  }

  /**
   * The commands, one for each node.
   *
   * @param nodeName the name of the node at an address
   */
  public List<NodeCommand> commands(Function<HostAddress, String> nodeName) {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    for (Change change : changes) {
      for (HostAddress address : change.addresses()) {
        labels
            .computeIfAbsent(nodeName.apply(address), name -> new ArrayList<>())
            .addAll(change.labels());
      }
    }
    List<NodeCommand> commands = new ArrayList<>();
    labels.forEach(
        (node, changed) -> {
          List<String> arguments = new ArrayList<>(List.of("label", "node", node));
          arguments.addAll(last(changed));
          arguments.add("--overwrite");
          commands.add(new NodeCommand(node, arguments, ""));
        });
    return commands;
  }

  /** kubectl refuses to set a label twice, or to set and remove it; the last one counts. */
  private static Collection<String> last(List<String> labels) {
    Map<String, String> byKey = new LinkedHashMap<>();
    labels.forEach(
        label -> {
          int equals = label.indexOf('=');
          byKey.put(label.substring(0, equals >= 0 ? equals : label.length() - 1), label);
        });
    return byKey.values();
  }
}
