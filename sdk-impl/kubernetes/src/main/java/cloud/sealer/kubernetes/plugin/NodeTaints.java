package cloud.sealer.kubernetes.plugin;

import static cloud.sealer.core.finding.Diagnostics.quote;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.PluginSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The data of a plugin of type {@code TAINT}: lines of addresses and one taint, such as {@code
 * 10.0.0.2-10.0.0.4 gpu=a100:NoSchedule}. With {@code -} behind it, the taint is taken away; {@code
 * KEY-} takes away all of that key.
 *
 * @param changes in the order of the data
 */
public record NodeTaints(List<Change> changes) {
  private static final String FORM = "ADDRESSES KEY[=VALUE]:EFFECT[-]";
  private static final Set<String> EFFECTS = Set.of("NoSchedule", "PreferNoSchedule", "NoExecute");

  /** Copies the changes. */
  public NodeTaints {
    changes = List.copyOf(changes);
  }

  /**
   * A taint of some hosts.
   *
   * @param addresses the hosts
   * @param key its key
   * @param value its value; may be empty
   * @param effect its effect; empty for all, only when it is removed
   * @param removed whether it is taken away
   */
  public record Change(
      List<HostAddress> addresses, String key, String value, String effect, boolean removed) {
    /** Copies the addresses. */
    public Change {
      addresses = List.copyOf(addresses);
    }

    /** What follows {@code kubectl taint node NAME}. */
    String argument() {
      if (removed) {
        return key + (effect.isEmpty() ? "" : ":" + effect) + "-";
      }
      return key + (value.isEmpty() ? "" : "=" + value) + ":" + effect;
    }
  }

  /** The taints of a plugin. */
  public static NodeTaints of(PluginSpec plugin) {
    return DataLine.of(plugin, NodeTaints::parse);
  }

  static NodeTaints parse(Scalar data, Findings findings) {
    List<Change> changes = new ArrayList<>();
    for (DataLine line : DataLine.read(data, FORM, findings)) {
      change(line, findings).ifPresent(changes::add);
    }
    return new NodeTaints(changes);
  }

  private static Optional<Change> change(DataLine line, Findings findings) {
    String text = line.value();
    boolean removed = text.endsWith("-");
    String taint = removed ? text.substring(0, text.length() - 1) : text;
    int colon = taint.indexOf(':');
    String pair = colon < 0 ? taint : taint.substring(0, colon);
    String effect = colon < 0 ? "" : taint.substring(colon + 1);
    int equals = pair.indexOf('=');
    String key = equals < 0 ? pair : pair.substring(0, equals);
    String value = equals < 0 ? "" : pair.substring(equals + 1);
    String problem = problem(key, value, effect, removed && colon < 0 && equals < 0);
    if (problem.isEmpty()) {
      return Optional.of(new Change(line.addresses(), key, value, effect, removed));
    }
    String remedy =
        Findings.near(effect, EFFECTS, "write KEY[=VALUE]:EFFECT, with - to take it away");
    findings.error(line.place(), text, "the taint " + quote(text) + " " + problem, remedy);
    return Optional.empty();
  }

  private static String problem(String key, String value, String effect, boolean all) {
    if (key.isEmpty()) {
      return "has no key";
    }
    if (!NodeLabels.KEY.matcher(key).matches()) {
      return "has a key that is no name";
    }
    if (!NodeLabels.VALUE.matcher(value).matches()) {
      return "has a value that is none";
    }
    if (effect.isEmpty() && !all) {
      return "has no effect";
    }
    return all || EFFECTS.contains(effect)
        ? ""
        : "has the effect "
            + quote(effect)
            + ", which is not one of NoSchedule, PreferNoSchedule,"
            + " NoExecute";
  }

  /**
   * The commands, in the order of the data: several changes of one node may depend on it.
   *
   * @param nodeName the name of the node at an address
   */
  public List<NodeCommand> commands(Function<HostAddress, String> nodeName) {
    List<NodeCommand> commands = new ArrayList<>();
    for (Change change : changes) {
      for (HostAddress address : change.addresses()) {
        String node = nodeName.apply(address);
        List<String> arguments = new ArrayList<>(List.of("taint", "node", node, change.argument()));
        if (!change.removed()) {
          arguments.add("--overwrite");
        }
        commands.add(new NodeCommand(node, arguments, change.removed() ? "not found" : ""));
      }
    }
    return commands;
  }
}
