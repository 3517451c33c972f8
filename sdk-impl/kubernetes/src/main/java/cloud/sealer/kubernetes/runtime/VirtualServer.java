package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.kubeadm.KubeadmSettings;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.spi.HostCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The virtual address of the API server on a worker that has IPVS, before its kubelet can start the
 * static pod which keeps the rules true: lvscare is executed once by the container runtime.
 *
 * <p>Nothing is routed to the address; where the way to it would not begin at the address of the
 * node, or there is none, it gets a route of its own, so that answers come back. After a restart of
 * the machine the static pod makes the rules again. They are removed with {@code ipvsadm} where the
 * host has it; elsewhere the kernel forgets them when it ends.
 */
public final class VirtualServer extends HostStep {
  /** The name of the step, by which its record is known. */
  public static final String NAME = "virtual address of the API server";

  static final String ADDRESS = KubeadmSettings.VIRTUAL_IP;

  private static final String SERVICE = ADDRESS + ":" + ApiEndpoint.PORT;
  private static final String ROUTE = ADDRESS + "/32";

  private static final String RUN =
      """
      modprobe ip_vs 2>/dev/null || true
      if ! ip -o route get "$VIP" 2>/dev/null | grep -q "src $NODE "; then
        device=$(ip -o addr show to "$NODE" | awk '{ print $2; exit }')
        ip route replace "$VIP/32" dev "$device" src "$NODE" || exit 1
      fi
      engine=$(command -v docker || command -v nerdctl) || {
        echo "there is no docker or nerdctl to execute lvscare with" >&2; exit 1; }
      "$engine" run --rm --privileged --net host -v /lib/modules:/lib/modules:ro \
        --entrypoint /usr/bin/lvscare "$IMAGE" care --run-once $ARGUMENTS
      """;

  private final String image;
  private final String node;
  private final List<String> controlPlanes;

  /**
   * The step.
   *
   * @param host a worker
   * @param image the name of an lvscare image that the host can pull
   * @param controlPlanes the hosts of the control plane
   */
  public VirtualServer(HostView host, String image, List<HostView> controlPlanes) {
    super(NAME, host.host());
    this.image = image;
    this.node = ApiEndpoint.address(host);
    this.controlPlanes = controlPlanes.stream().map(ApiEndpoint::address).toList();
  }

  @Override
  public String fingerprint() {
    return image;
  }

  @Override
  public void run(StepContext context) {
    context
        .journal()
        .undo(
            "virtual address " + ADDRESS,
            "ipvsadm -D -t "
                + SERVICE
                + " 2>/dev/null || true\nip route del "
                + ROUTE
                + " 2>/dev/null || true");
    context.exec(
        HostCommand.builder(RUN)
            .title("execute lvscare once")
            .environment("VIP", ADDRESS)
            .environment("NODE", node)
            .environment("IMAGE", image)
            .environment("ARGUMENTS", String.join(" ", arguments(controlPlanes)))
            .build());
  }

  /** What lvscare is told; addresses need no quotes. */
  private static List<String> arguments(List<String> controlPlanes) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--vs=" + SERVICE);
    controlPlanes.forEach(address -> arguments.add(server(address)));
    arguments.add("--health-path=/healthz");
    arguments.add("--health-schem=https");
    return arguments;
  }

  static String server(String controlPlane) {
    return "--rs=" + ApiEndpoint.hostPort(controlPlane, ApiEndpoint.PORT);
  }

  /** The static pod; each argument has a line of its own, so that servers can be replaced. */
  static String manifest(String image, List<String> controlPlanes) {
    String arguments =
        arguments(controlPlanes).stream()
            .map(argument -> "        - \"" + argument + "\"\n")
            .collect(Collectors.joining());
    return LoadBalancer.pod(
        controlPlanes,
        """
            - name: lvscare
              image: %s
              command: ["/usr/bin/lvscare", "care"]
              args:
        %s      securityContext:
                privileged: true
              resources:
                requests:
                  cpu: 20m
                  memory: 32Mi
              volumeMounts:
                - name: modules
                  mountPath: /lib/modules
                  readOnly: true
          volumes:
            - name: modules
              hostPath:
                path: /lib/modules
        """
            .formatted(image, arguments));
  }
}
