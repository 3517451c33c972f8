package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostSession;
import java.util.HashMap;
import java.util.Map;

/**
 * What kubeadm must know of a host.
 *
 * @param name the name its node gets: that of the host, in lower case
 * @param socket where the container runtime listens, as kubeadm wants it
 * @param cgroupDriver {@code systemd} or {@code cgroupfs}
 * @param container whether the host is itself a container
 */
public record HostRuntime(String name, String socket, String cgroupDriver, boolean container) {
  private static final String DOCKERSHIM = "/var/run/dockershim.sock";

  // dockershim left Kubernetes with release 1.24.
  private static final String LOOK =
      """
      echo "name=$(hostname | tr A-Z a-z)"
      minor=$(kubeadm version -o short | sed 's/^v1\\.\\([0-9]*\\)\\..*/\\1/')
      if [ "$minor" -lt 24 ] && docker=$(docker info -f '{{.CgroupDriver}}' 2>/dev/null); then
        echo "socket=SHIM"
        echo "driver=$docker"
      elif [ -S /run/containerd/containerd.sock ]; then
        echo "socket=unix:///run/containerd/containerd.sock"
        if grep -qE '^[[:space:]]*SystemdCgroup[[:space:]]*=[[:space:]]*true' \
          /etc/containerd/config.toml 2>/dev/null; then
          echo driver=systemd
        else
          echo driver=cgroupfs
        fi
      fi
      if [ -f /.dockerenv ] || [ -f /run/.containerenv ] ||
        systemd-detect-virt --container --quiet 2>/dev/null; then
        echo container=yes
      fi
      """
          .replace("SHIM", DOCKERSHIM);

  /** Whether the kubelet works with containerd itself, and not with docker. */
  public boolean isContainerd() {
    return socket.contains("containerd");
  }

  /** Looks at a host whose runtime runs. */
  public static HostRuntime of(HostSession session) {
    Map<String, String> found = new HashMap<>();
    Commands.exec(session, HostCommand.builder(LOOK).title("look at the runtime").build())
        .lines()
        .forEach(
            line -> {
              int equals = line.indexOf('=');
              if (equals > 0) {
                found.put(line.substring(0, equals), line.substring(equals + 1).strip());
              }
            });
    String socket = found.getOrDefault("socket", "");
    String name = found.getOrDefault("name", "");
    if (socket.isEmpty() || name.isEmpty()) {
      throw SealerException.builder(
              ErrorCode.COMMAND_FAILED,
              session.host().address()
                  + ": no container runtime that this Kubernetes can use answers")
          .remedy("look why docker or containerd does not run there: systemctl status docker")
          .detail("host", session.host().address())
          .build();
    }
    return new HostRuntime(
        name, socket, found.getOrDefault("driver", "systemd"), found.containsKey("container"));
  }
}
