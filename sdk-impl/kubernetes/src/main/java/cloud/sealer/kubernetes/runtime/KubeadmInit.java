package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.kubernetes.step.Verdict;
import cloud.sealer.sdk.spi.HostCommand;
import java.time.Duration;

/**
 * Starts the control plane on the initial host.
 *
 * <p>What makes a cluster itself can be decided only once, so other inputs do not make this step be
 * executed again.
 */
public final class KubeadmInit extends HostStep {
  /** The name of the step, by which its record is known. */
  public static final String NAME = "kubeadm init";

  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final String PROBE =
      "test -s " + Kubectl.CONFIG + " && test -s /etc/kubernetes/manifests/kube-apiserver.yaml";

  private final ClusterConfiguration configuration;

  /**
   * The step.
   *
   * @param view the initial host
   * @param configuration what kubeadm is told
   */
  public KubeadmInit(HostView view, ClusterConfiguration configuration) {
    super(NAME, view.host());
    this.configuration = configuration;
  }

  @Override
  public boolean wholeCluster() {
    return true;
  }

  @Override
  public String fingerprint() {
    return "";
  }

  @Override
  public String probe() {
    return PROBE;
  }

  @Override
  public Verdict check(HostView host, boolean probed) {
    Verdict verdict = super.check(host, probed);
    return verdict.needed() && verdict.reason().equals("its result is gone")
        ? Verdict.needed("/etc/kubernetes is gone")
        : verdict;
  }

  @Override
  public void run(StepContext context) {
    if (context.begunBefore()) {
      BrokenTry.clear(context);
      configuration.staticFiles(context);
    }
    KubernetesTraces.note(context);
    HostRuntime runtime = HostRuntime.of(context.session());
    String file = context.paths().state() + "/kubeadm.yaml";
    ClusterConfiguration.withFile(
        context.session(),
        file,
        configuration.init(context, runtime),
        () ->
            Commands.exec(
                context.session(),
                HostCommand.builder(
                        configuration.kubeadm("init")
                            + " --skip-token-print --config \"$CONFIG\""
                            + configuration.arguments(runtime))
                    .title(NAME)
                    .environment("CONFIG", file)
                    .environment("PATCHES", ClusterConfiguration.patches(context))
                    .timeout(TIMEOUT)
                    .build(),
                new QuietLines(context.task()::output)));
  }

  @Override
  public void verify(StepContext context) {
    super.verify(context);
    ApiServer.awaitReady(context.session(), NAME);
  }
}
