package cloud.sealer.kubernetes.runtime;

import java.util.List;
import java.util.stream.Collectors;

/**
 * haproxy, which takes requests to whichever host of the control plane answers. It listens on the
 * worker only. Until it does, as when the kubelet starts, requests go straight to a control plane:
 * see {@link ApiEndpoint}.
 */
final class Haproxy {
  private static final String ADDRESS = "127.0.0.1";

  private Haproxy() {}

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
    %s\
    """
        .formatted(ADDRESS, ApiEndpoint.PORT, servers);
  }

  static String manifest(String image, List<String> controlPlanes) {
    return LoadBalancer.pod(
        controlPlanes,
        """
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
            .formatted(image, LoadBalancer.SETTINGS));
  }
}
