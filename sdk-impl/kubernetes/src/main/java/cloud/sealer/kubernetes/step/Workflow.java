package cloud.sealer.kubernetes.step;

import java.util.List;

/** Says which steps make a change. Stateless and thread-safe. */
@FunctionalInterface
public interface Workflow {
  /**
   * All steps of the change, also those that hold already.
   *
   * <p>A pure function: it looks at no host, and the same situation gives the same steps in the
   * same order.
   *
   * @param situation what is wanted and what is there
   * @return the stages in their order
   * @throws cloud.sealer.sdk.SealerException if the change makes no sense in this situation
   */
  List<Stage> stages(Situation situation);
}
