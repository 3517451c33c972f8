package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.record.Fingerprint;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import java.util.List;

/**
 * A static pod on a worker that takes its requests to whichever host of the control plane answers:
 * see {@link Balancer}. One name for all time, so that a new list of hosts, or another balancer,
 * replaces the old one.
 */
public final class LoadBalancer extends HostStep {
  /** The name of the step, by which its record is known. */
  public static final String NAME = "load balancer";

  static final String MANIFEST = "/etc/kubernetes/manifests/sealer-load-balancer.yaml";
  static final String SETTINGS = "/etc/kubernetes/load-balancer.cfg";

  private final Balancer.Choice choice;
  private final List<String> controlPlanes;

  /**
   * The step.
   *
   * @param host a worker
   * @param choice which balancer
   * @param controlPlanes the hosts of the control plane
   */
  public LoadBalancer(HostView host, Balancer.Choice choice, List<HostView> controlPlanes) {
    super(NAME, host.host());
    this.choice = choice;
    this.controlPlanes = controlPlanes.stream().map(ApiEndpoint::address).toList();
  }

  @Override
  public String fingerprint() {
    return choice.image();
  }

  @Override
  public String probe() {
    return "test -s " + MANIFEST + " && test -s " + SETTINGS;
  }

  @Override
  public void run(StepContext context) {
    context.journal().write(SETTINGS, 0644, Haproxy.settings(controlPlanes));
    context.journal().write(MANIFEST, 0600, manifest());
  }

  String manifest() {
    return choice.balancer().manifest(choice.image(), controlPlanes);
  }

  @Override
  public void verify(StepContext context) {
    super.verify(context);
    awaitAnswer(context);
  }

  /** Waits until the first address that the worker has for the API server answers. */
  static void awaitAnswer(StepContext context) {
    // Whatever the answer: one says that the way to a control plane is open.
    ApiServer.await(
        context.session(),
        "address=$(awk '$2 == \""
            + ApiEndpoint.NAME
            + "\" { print $1; exit }' /etc/hosts); curl -ksS -o /dev/null --max-time 3"
            + " \"https://$address:"
            + ApiEndpoint.PORT
            + "/healthz\" || bash -c \"exec 3<>/dev/tcp/$address/"
            + ApiEndpoint.PORT
            + "\"",
        NAME + ": wait until it answers");
  }

  /** The static pod of a balancer: what its containers and volumes are is told by each. */
  static String pod(List<String> controlPlanes, String containers) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: sealer-load-balancer
      namespace: kube-system
      annotations:
        settings: "%s"
      labels:
        component: sealer-load-balancer
    spec:
      hostNetwork: true
      priorityClassName: system-node-critical
      containers:
    %s\
    """
        .formatted(edition(controlPlanes), containers);
  }

  /** Differs when the settings do: the kubelet starts the pod again when its manifest changes. */
  static String edition(List<String> controlPlanes) {
    return Fingerprint.of(Haproxy.settings(controlPlanes)).substring(0, 16);
  }
}
