package cloud.sealer.kubernetes.step;

import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.spi.HostSession;
import java.util.List;
import java.util.function.Function;

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

  /**
   * Looks whether a cluster that is there is well, and changes nothing.
   *
   * @param situation the hosts that can be reached
   * @param sessions gives sessions on them
   * @param parallel does work on several of them at once
   * @return what is not well; empty also if there is no cluster yet, as by default
   */
  default List<HostFinding> check(
      Situation situation, Function<HostAddress, HostSession> sessions, Transfers parallel) {
    return List.of();
  }
}
