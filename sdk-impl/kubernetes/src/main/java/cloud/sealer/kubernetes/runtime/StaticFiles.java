package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Host;

/**
 * Files that Kubernetes reads on a host of the control plane: the audit policy of the image, where
 * it has one.
 */
public final class StaticFiles extends HostStep {
  /** The file of the rootfs. */
  public static final String SOURCE = "statics/audit-policy.yml";

  static final String TARGET = "/etc/kubernetes/audit-policy.yml";

  private final String policy;

  /**
   * The step.
   *
   * @param host a host of the control plane
   * @param policy the text of {@code statics/audit-policy.yml}
   */
  public StaticFiles(Host host, String policy) {
    super("audit policy", host);
    this.policy = policy;
  }

  @Override
  public String fingerprint() {
    return policy;
  }

  @Override
  public String probe() {
    return "test -s " + TARGET;
  }

  @Override
  public void run(StepContext context) {
    context.journal().write(TARGET, 0600, policy);
  }
}
