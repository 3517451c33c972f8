package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.record.Fingerprint;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.ContainerImage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * haproxy as a static pod on a worker that takes its requests to whichever host of the control
 * plane answers. One name for all time, so that a new list of hosts replaces the old one.
 *
 * <p>It listens on the worker only. Until it does, as when the kubelet starts, requests go straight
 * to a control plane: see {@link ApiEndpoint}.
 */
public final class LoadBalancer extends HostStep {
  /** The name of the step, by which its record is known. */
  public static final String NAME = "load balancer";

  /** Where it listens: an address of the worker itself. */
  public static final String ADDRESS = "127.0.0.1";

  static final String MANIFEST = "/etc/kubernetes/manifests/sealer-load-balancer.yaml";
  static final String SETTINGS = "/etc/kubernetes/load-balancer.cfg";

  private final String image;
  private final List<String> controlPlanes;

  /**
   * The step.
   *
   * @param host a worker
   * @param image the name of a haproxy image that the host can pull
   * @param controlPlanes the hosts of the control plane
   */
  public LoadBalancer(HostView host, String image, List<HostView> controlPlanes) {
    super(NAME, host.host());
    this.image = image;
    this.controlPlanes = controlPlanes.stream().map(ApiEndpoint::address).toList();
  }

  /**
   * The image of a load balancer among those that a cluster image brings.
   *
   * @param images the images
   * @param registry the cluster's registry, such as {@code sea.hub:5000}
   */
  public static Optional<String> image(List<ContainerImage> images, String registry) {
    return images.stream()
        .map(ContainerImage::reference)
        .filter(reference -> reference.tag().isPresent())
        .filter(reference -> reference.repository().matches("(?:.*/)?haproxy"))
        .findFirst()
        .map(
            reference ->
                registry + "/" + reference.repository() + ":" + reference.tag().orElseThrow());
  }

  @Override
  public String fingerprint() {
    return image;
  }

  @Override
  public String probe() {
    return "test -s " + MANIFEST + " && test -s " + SETTINGS;
  }

  @Override
  public void run(StepContext context) {
    context.journal().write(SETTINGS, 0644, settings(controlPlanes));
    context.journal().write(MANIFEST, 0600, manifest());
  }

  @Override
  public void verify(StepContext context) {
    super.verify(context);
    awaitAnswer(context);
  }

  static void awaitAnswer(StepContext context) {
    // Whatever the answer: one says that the way to a control plane is open.
    ApiServer.await(
        context.session(),
        "curl -ksS -o /dev/null --max-time 3 https://"
            + ADDRESS
            + ":"
            + ApiEndpoint.PORT
            + "/healthz || bash -c 'exec 3<>/dev/tcp/"
            + ADDRESS
            + "/"
            + ApiEndpoint.PORT
            + "'",
        NAME + ": wait until it answers");
  }

  /** What haproxy is told. */
  static String settings(List<String> controlPlanes) {
    String servers =
        controlPlanes.stream()
            .map(
                address ->
                    "  server "
                        + address.replace(':', '-')
                        + " "
                        + ApiEndpoint.hostPort(address, ApiEndpoint.PORT)
                        + " check\n")
            .collect(Collectors.joining());
    return """
    global
      maxconn 4096
    defaults
      mode tcp
      timeout connect 3s
      timeout client 1h
      timeout server 1h
      timeout check 3s
      option redispatch
      retries 2
    listen apiserver
      bind %s:%d
      option httpchk GET /readyz
      http-check expect ! rstatus ^5
      default-server inter 2s fall 2 rise 1 check-ssl verify none on-marked-down shutdown-sessions
    %s"""
        .formatted(ADDRESS, ApiEndpoint.PORT, servers);
  }

  /** Differs when the settings do: the kubelet starts the pod again when its manifest changes. */
  static String edition(List<String> controlPlanes) {
    return Fingerprint.of(settings(controlPlanes)).substring(0, 16);
  }

  String manifest() {
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
        - name: haproxy
          image: %s
          command: ["haproxy", "-W", "-db", "-f", "/etc/load-balancer.cfg"]
          resources:
            requests:
              cpu: 20m
              memory: 32Mi
          volumeMounts:
            - name: settings
              mountPath: /etc/load-balancer.cfg
              readOnly: true
      volumes:
        - name: settings
          hostPath:
            path: %s
            type: File
    """
        .formatted(edition(controlPlanes), image, SETTINGS);
  }
}
