package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.kubeadm.KubernetesVersion;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.spi.HostCommand;

/** Lets root use kubectl on a host of the control plane. */
public final class RootKubeconfig extends HostStep {
  private static final String TARGET = "/root/.kube/config";

  private final KubernetesVersion version;

  /**
   * The step.
   *
   * @param host a host of the control plane
   * @param version its version, since kubeadm makes the certificate anew with each upgrade
   */
  public RootKubeconfig(Host host, KubernetesVersion version) {
    super("kubeconfig of root", host);
    this.version = version;
  }

  @Override
  public String fingerprint() {
    return version.toString();
  }

  @Override
  public String probe() {
    return "cmp -s " + Kubectl.CONFIG + " " + TARGET;
  }

  @Override
  public void run(StepContext context) {
    context
        .journal()
        .undo(
            "directory .kube of root", "rm -rf /root/.kube/cache; rmdir /root/.kube 2>&1 || true");
    context.journal().file(TARGET);
    context.exec(
        HostCommand.builder(
                "install -d -m 700 /root/.kube && install -m 600 " + Kubectl.CONFIG + " " + TARGET)
            .title("give root the kubeconfig of the administrator")
            .build());
  }
}
