package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.Plan;
import java.util.List;

/**
 * A change that is ready to be made.
 *
 * @param target what is wanted
 * @param situation what is there
 * @param stages all stages of the change, each with the steps that are still to be done
 * @param lost the hosts to be taken out that cannot be reached, and why
 * @param plan the same as the caller sees it
 */
record Prepared(
    Target target, Situation situation, List<Stage> stages, List<HostResult> lost, Plan plan) {
  Prepared {
    stages = List.copyOf(stages);
    lost = List.copyOf(lost);
  }
}
