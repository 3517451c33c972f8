package cloud.sealer.kubernetes.plugin;

import java.util.List;

/**
 * A command of {@code kubectl} that changes one node.
 *
 * @param node the name of the node
 * @param arguments what follows {@code kubectl}, each a word of its own
 * @param harmless a text whose appearance in the error output of a failed command means that
 *     nothing was left to do; empty if every failure is one
 */
public record NodeCommand(String node, List<String> arguments, String harmless) {
  /** Copies the arguments. */
  public NodeCommand {
    arguments = List.copyOf(arguments);
  }
}
