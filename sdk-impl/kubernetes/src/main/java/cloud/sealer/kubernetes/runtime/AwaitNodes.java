package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.SealerException;
import java.time.Duration;
import java.util.List;

/**
 * Waits until all nodes are ready. An image may leave the pod network to its user, so nodes that do
 * not become ready are told, and fail nothing.
 */
public final class AwaitNodes extends HostStep {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final List<String> addresses;

  /**
   * The step.
   *
   * @param controlPlane a host of the control plane
   * @param addresses the addresses of all nodes
   */
  public AwaitNodes(Host controlPlane, List<String> addresses) {
    super("all nodes ready", controlPlane);
    this.addresses = List.copyOf(addresses);
  }

  @Override
  public boolean wholeCluster() {
    return true;
  }

  @Override
  public String fingerprint() {
    return String.join("\n", addresses);
  }

  @Override
  public void run(StepContext context) {
    try {
      ApiServer.await(
          context.session(),
          "test -z \"$(kubectl --kubeconfig "
              + Kubectl.CONFIG
              + " --request-timeout=5s get nodes --no-headers | grep -v '[^A-Za-z]Ready')\"",
          name(),
          PATIENCE);
    } catch (SealerException e) {
      if (e.code() != ErrorCode.COMMAND_FAILED) {
        throw e;
      }
      context.task().notice("not all nodes are ready; does the image bring a network for pods?");
    }
  }
}
