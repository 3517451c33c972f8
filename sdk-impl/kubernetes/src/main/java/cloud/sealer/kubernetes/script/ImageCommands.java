package cloud.sealer.kubernetes.script;

import cloud.sealer.core.kubefile.Variables;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.Instruction;
import cloud.sealer.sdk.SourcePosition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The commands of an image, or those of the Clusterfile that stand for them, with their arguments:
 * those of the image, overlaid by those of the Clusterfile.
 */
public final class ImageCommands {
  private static final SourcePosition PLACE = new SourcePosition("commands of the image", 0, 0);

  private ImageCommands() {}

  /**
   * A step for each command, in their order.
   *
   * @param controlPlane where they are executed
   * @param metadata what the image brings
   * @param spec what the Clusterfile says
   * @param edition differs when unchanged commands are to be executed again
   */
  public static List<Step> steps(
      HostView controlPlane, ClusterImage.Metadata metadata, ClusterSpec spec, String edition) {
    Variables variables = variables(metadata.args(), spec.commandArgs());
    List<Step> steps = new ArrayList<>();
    List<String> commands = spec.commands().orElse(metadata.commands());
    for (int i = 0; i < commands.size(); i++) {
      String command = commands.get(i);
      String text = variables.substitute(command, new Instruction.Cmd(command, PLACE)).text();
      steps.add(new CommandStep(controlPlane.host(), i + 1, command, text, edition));
    }
    return steps;
  }

  /** What is declared by the image or the Clusterfile; an argument of either has a value. */
  private static Variables variables(Map<String, String> ofImage, Map<String, String> ofSpec) {
    Map<String, String> all = new LinkedHashMap<>(ofImage);
    all.putAll(ofSpec);
    Variables variables = Variables.of(all);
    for (String name : all.keySet()) {
      variables = variables.after(new Instruction.Arg(name, null, PLACE));
    }
    return variables;
  }
}
