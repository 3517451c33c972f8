package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.spi.HostCommand;
import java.time.Duration;

/** What an earlier try of kubeadm left on a host that is not part of a cluster yet. */
final class BrokenTry {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private BrokenTry() {}

  /**
   * Takes it away, but for the files that were put there for kubeadm. The caller has made sure that
   * the try was ours and never came to its end.
   */
  static void clear(StepContext context) {
    context.task().notice("clearing what an interrupted run left of Kubernetes on this host");
    context.exec(
        HostCommand.builder(
                "kubeadm reset phase cleanup-node && rm -rf --one-file-system /var/lib/etcd/member")
            .title("clear what an interrupted kubeadm left")
            .timeout(TIMEOUT)
            .build());
  }
}
