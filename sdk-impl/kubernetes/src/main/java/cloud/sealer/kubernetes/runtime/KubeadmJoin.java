package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.record.Fingerprint;
import cloud.sealer.kubernetes.record.HostRecord;
import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostSession;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Makes a host a node: of the control plane, or a worker. */
public final class KubeadmJoin extends HostStep {
  /** The name of the step, by which its record is known. */
  public static final String NAME = "kubeadm join";

  private static final String CONTROL_PLANE = "control plane";

  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final HostView view;
  private final HostAddress initial;
  private final ClusterConfiguration configuration;
  private final List<Step> spared;

  /**
   * The step.
   *
   * @param view the host
   * @param initial a host of the control plane that is up
   * @param configuration what kubeadm is told
   * @param spared steps that the host is spared by joining, as they are now
   */
  public KubeadmJoin(
      HostView view, HostAddress initial, ClusterConfiguration configuration, List<Step> spared) {
    super(NAME, view.host());
    this.view = view;
    this.initial = initial;
    this.configuration = configuration;
    this.spared = List.copyOf(spared);
  }

  @Override
  public String fingerprint() {
    return host().controlPlane() ? CONTROL_PLANE : "worker";
  }

  /** Whether a record says that its host has joined the control plane. */
  public static boolean ofControlPlane(HostRecord record) {
    return record.fingerprint(NAME).filter(Fingerprint.of(CONTROL_PLANE)::equals).isPresent();
  }

  @Override
  public String probe() {
    return "test -s /etc/kubernetes/kubelet.conf"
        + (host().controlPlane()
            ? " && test -s /etc/kubernetes/manifests/kube-apiserver.yaml"
            : " && test ! -e /etc/kubernetes/manifests/kube-apiserver.yaml");
  }

  @Override
  public void run(StepContext context) {
    HostSession controlPlane = context.session(initial);
    if (context.begunBefore()) {
      clearBrokenTry(context, controlPlane);
    }
    KubernetesTraces.note(context);
    HostRuntime runtime = HostRuntime.of(context.session());
    if (host().controlPlane()) {
      context
          .shared()
          .once("certificates are shared", Boolean.class, () -> share(context, controlPlane));
    }
    String file = context.paths().state() + "/kubeadm-join.yaml";
    ClusterConfiguration.withFile(
        context.session(),
        file,
        configuration.join(context, runtime, controlPlane),
        () -> kubeadm(context, file, runtime));
  }

  private void kubeadm(StepContext context, String file, HostRuntime runtime) {
    String kubeadm = host().controlPlane() ? configuration.kubeadm("join") : "kubeadm join";
    Commands.exec(
        context.session(),
        HostCommand.builder(
                kubeadm
                    + " --config \"$CONFIG\" --ignore-preflight-errors="
                    + (runtime.container() ? "all" : "SystemVerification"))
            .title(NAME)
            .environment("CONFIG", file)
            .environment("PATCHES", ClusterConfiguration.patches(context))
            .timeout(TIMEOUT)
            .build(),
        new QuietLines(context.task()::output));
  }

  /** Leaves the certificates that control planes share in the API server, encrypted. */
  private boolean share(StepContext context, HostSession controlPlane) {
    String file = context.paths().state() + "/kubeadm-share.yaml";
    ClusterConfiguration.withFile(
        controlPlane,
        file,
        configuration.shareCertificates(context),
        () ->
            Commands.exec(
                controlPlane,
                HostCommand.builder(
                        "kubeadm init phase upload-certs --upload-certs --config \"$CONFIG\"")
                    .title("share the certificates of the control plane")
                    .environment("CONFIG", file)
                    .build()));
    return true;
  }

  /** The host may be known to etcd and the API server by now, which would refuse it. */
  private void clearBrokenTry(StepContext context, HostSession controlPlane) {
    Departure.of(controlPlane, ApiEndpoint.address(view)).forget();
    BrokenTry.clear(context);
    if (host().controlPlane()) {
      configuration.staticFiles(context);
    }
  }

  @Override
  public void verify(StepContext context) {
    super.verify(context);
    ApiServer.await(
        context.session(initial),
        "kubectl --kubeconfig "
            + Kubectl.CONFIG
            + " --request-timeout=5s get nodes -o"
            + " jsonpath='{.items[*].status.addresses[*].address}' | tr ' ' '\\n"
            + "' | grep -qxF "
            + ShellText.quote(ApiEndpoint.address(view)),
        NAME + ": wait until the API server knows the node");
    if (host().controlPlane()) {
      ApiServer.awaitReady(context.session(), NAME);
    }
  }

  /** What it is spared holds: only what changes in it later is to be done. */
  @Override
  public HostRecord after(HostRecord record) {
    HostRecord after = record;
    for (Step step : spared) {
      after =
          after.withHeld(
              step.name(),
              Fingerprint.of(step.fingerprint()),
              Objects.requireNonNull(record.steps().get(NAME)).since());
    }
    return after;
  }

  @Override
  public void undo(StepContext context) {
    Departure.of(context.session(initial), ApiEndpoint.address(view)).forget();
  }
}
