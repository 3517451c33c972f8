package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.kubeadm.KubernetesVersion;
import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import java.time.Duration;

/**
 * Brings one node to the version of a newer image: drained, upgraded, ready again, and open for
 * pods. The next node waits for all of this.
 */
public final class UpgradeNode extends HostStep {
  private static final Duration TIMEOUT = Duration.ofMinutes(20);

  // A program that runs is replaced by a rename; programs that are not of the image stay.
  private static final String PROGRAMS =
      """
      for program in bin/*; do
        [ -f "$program" ] || continue
        target=/usr/bin/${program##*/}
        cmp -s "$program" "$target" && continue
        cp "$program" "$target.sealer-new" && chmod 755 "$target.sealer-new" &&
          mv -f "$target.sealer-new" "$target" || exit 1
      done
      """;

  private final HostView view;
  private final HostAddress initial;
  private final KubernetesVersion version;
  private final boolean dns;

  /**
   * The step.
   *
   * @param view the host
   * @param initial the initial host of the control plane, which goes first
   * @param version the version to have
   * @param dns whether the image brings CoreDNS
   */
  public UpgradeNode(HostView view, HostAddress initial, KubernetesVersion version, boolean dns) {
    super("upgrade to " + version, view.host());
    this.view = view;
    this.initial = initial;
    this.version = version;
    this.dns = dns;
  }

  @Override
  public boolean essential() {
    return host().controlPlane();
  }

  @Override
  public String fingerprint() {
    return "";
  }

  @Override
  public String probe() {
    return "test \"$(kubelet --version)\" = 'Kubernetes " + version + "'";
  }

  @Override
  public void run(StepContext context) {
    HostSession controlPlane = context.session(initial);
    Kubectl kubectl = new Kubectl(controlPlane);
    String address = ApiEndpoint.address(view);
    Node node = kubectl.node(address).orElseThrow(() -> unknown(address));
    String closed = ShellText.quote(context.paths().state() + "/closed-for-upgrade");
    if (node.schedulable()) {
      // A run that goes on with this one would else take our closing for its owner's.
      context.exec(HostCommand.of("touch " + closed));
    }
    Departure.of(controlPlane, address).drain();
    context.exec(
        HostCommand.builder(PROGRAMS)
            .title("install the programs of " + version)
            .directory(context.paths().rootfs())
            .build());
    if (host().address().equals(initial)) {
      CoreDns coreDns = CoreDns.before(kubectl);
      kubeadm(context, "kubeadm upgrade apply", " --yes " + version);
      if (!dns) {
        coreDns.removeWhatIsNew(kubectl);
      }
    } else {
      kubeadm(context, "kubeadm upgrade node", "");
    }
    context.exec(HostCommand.of("systemctl daemon-reload && systemctl restart kubelet"));
    if (host().controlPlane()) {
      ApiServer.awaitReady(context.session(), name());
    }
    awaitVersion(controlPlane, node.name());
    ApiServer.awaitNodeReady(controlPlane, node.name(), name());
    if (host().controlPlane()) {
      ApiServer.awaitControlPlane(controlPlane, node.name(), name());
    }
    if (context.session().exec(HostCommand.of("test -e " + closed), HostOutput.NONE).ok()) {
      kubectl.run("uncordon", node.name());
      context.exec(HostCommand.of("rm -f " + closed));
    }
  }

  private void kubeadm(StepContext context, String command, String arguments) {
    HostRuntime runtime = HostRuntime.of(context.session());
    String ignored = "CoreDNSUnsupportedPlugins,SystemVerification" + (dns ? "" : ",ImagePull");
    Commands.exec(
        context.session(),
        HostCommand.builder(
                command
                    + arguments
                    + " --ignore-preflight-errors="
                    + (runtime.container() ? "all" : ignored))
            .title(command)
            .timeout(TIMEOUT)
            .build(),
        new QuietLines(context.task()::output));
  }

  private void awaitVersion(HostSession controlPlane, String node) {
    ApiServer.await(
        controlPlane,
        "test \"$("
            + ApiServer.KUBECTL
            + "get node "
            + node
            + " -o 'jsonpath={.status.nodeInfo.kubeletVersion}')\" = "
            + version,
        name() + ": wait for the kubelet of " + version);
  }

  private SealerException unknown(String address) {
    return SealerException.builder(
            ErrorCode.COMMAND_FAILED, "the cluster has no node with the address " + address)
        .remedy("apply the Clusterfile first, so that all its hosts are nodes")
        .detail("host", address)
        .build();
  }
}
