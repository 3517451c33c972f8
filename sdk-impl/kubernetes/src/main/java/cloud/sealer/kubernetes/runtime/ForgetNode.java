package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.record.HostRecord;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Host;
import java.util.List;
import java.util.Map;

/** Removes a node, and its member of etcd where it has one, from the cluster. */
public final class ForgetNode extends HostStep {
  private static final List<String> OF_THE_CLUSTER =
      List.of("command ", "plugin ", "service of the registry");

  private final String leaving;
  private final HostRecord record;

  /** The step for a node that cannot be reached. */
  public ForgetNode(Host controlPlane, String leaving) {
    this(controlPlane, leaving, HostRecord.EMPTY);
  }

  /**
   * The step.
   *
   * @param controlPlane a host of the control plane that stays
   * @param leaving the address of the node that goes
   * @param record what holds there
   */
  public ForgetNode(Host controlPlane, String leaving, HostRecord record) {
    super("remove node " + leaving, controlPlane);
    this.leaving = leaving;
    this.record = record;
  }

  /** What was done for the whole cluster on the host that goes stays done. */
  @Override
  public HostRecord after(HostRecord own) {
    HostRecord more = own;
    for (Map.Entry<String, HostRecord.Held> step : record.steps().entrySet()) {
      if (OF_THE_CLUSTER.stream().anyMatch(step.getKey()::startsWith)
          && !own.holds(step.getKey())) {
        more = more.withHeld(step.getKey(), step.getValue().fingerprint(), step.getValue().since());
      }
    }
    return more;
  }

  /** The host that goes is wiped next: nobody may count on it any more. */
  @Override
  public boolean essential() {
    return true;
  }

  @Override
  public boolean recorded() {
    return false;
  }

  @Override
  public String fingerprint() {
    return "";
  }

  @Override
  public void run(StepContext context) {
    Departure.of(context.session(), leaving).forget();
  }
}
