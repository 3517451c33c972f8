package cloud.sealer.kubernetes.plugin.run;

import cloud.sealer.kubernetes.plugin.NodeCommand;
import cloud.sealer.kubernetes.plugin.NodeLabels;
import cloud.sealer.kubernetes.plugin.NodeTaints;
import cloud.sealer.kubernetes.plugin.PluginType;
import cloud.sealer.kubernetes.runtime.Kubectl;
import cloud.sealer.kubernetes.runtime.Node;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.SealerException;
import java.util.List;

/** Labels or taints nodes. */
final class NodeChange extends PluginStep {
  NodeChange(PluginSpec plugin, Phase phase, Host controlPlane) {
    super(plugin, phase, controlPlane);
  }

  @Override
  public boolean wholeCluster() {
    return true;
  }

  @Override
  void execute(StepContext context) {
    Kubectl kubectl = new Kubectl(context.session());
    List<Node> nodes = kubectl.nodes();
    List<NodeCommand> commands =
        plugin().type().equals(PluginType.LABEL.name())
            ? NodeLabels.of(plugin()).commands(address -> name(nodes, address))
            : NodeTaints.of(plugin()).commands(address -> name(nodes, address));
    for (NodeCommand command : commands) {
      try {
        kubectl.run(command.arguments().toArray(String[]::new));
      } catch (SealerException e) {
        if (command.harmless().isEmpty()
            || !String.valueOf(e.getMessage()).contains(command.harmless())) {
          throw e;
        }
      }
    }
  }

  private String name(List<Node> nodes, HostAddress address) {
    return nodes.stream()
        .filter(node -> node.addresses().contains(address.host()))
        .map(Node::name)
        .findFirst()
        .orElseThrow(
            () ->
                SealerException.builder(
                        ErrorCode.PLUGIN_FAILED,
                        "plugin " + plugin().name() + ": no node has the address " + address)
                    .remedy("write an address of the cluster")
                    .build());
  }
}
