package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Host;

/** Moves the pods of a node that will leave elsewhere. */
public final class Drain extends HostStep {
  private final String leaving;

  /**
   * The step.
   *
   * @param controlPlane a host of the control plane that stays
   * @param leaving the address of the node that goes
   */
  public Drain(Host controlPlane, String leaving) {
    super("drain " + leaving, controlPlane);
    this.leaving = leaving;
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
    Departure.of(context.session(), leaving).drain();
  }
}
