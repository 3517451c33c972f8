package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.spi.HostCommand;
import java.time.Duration;

/**
 * Takes Kubernetes off a host: its processes, containers, mounts, network devices, packet filter
 * rules and files, each on its own, so that one that fails hinders no other. Needs no API server.
 *
 * <p>Only what has the names of Kubernetes or of its network plugins goes; rules and files of
 * others stay. Nothing is removed through a mount: what cannot be unmounted is reported and left.
 */
public final class Reset extends HostStep {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  /** The chains of Kubernetes and of usual network plugins. */
  private static final String CHAINS = "(KUBE-|CNI-|cali-|FLANNEL-|WEAVE-|CILIUM_)";

  /**
   * The parts, in an order in which nothing starts again what a part before it ended. A function
   * that fails is named at the end, and fails the script.
   */
  static final String SCRIPT =
      """
      failed=
      part() { "$1" || failed="$failed $1"; }
      have() { command -v "$1" >/dev/null 2>&1; }
      mounts() { awk '{ print $5 }' /proc/self/mountinfo | grep -E "^($1)(/|\\$)" | sort -r; }
      kubelet() {
        have systemctl || return 0
        systemctl stop kubelet 2>/dev/null
        systemctl disable kubelet 2>/dev/null
        systemctl reset-failed kubelet 2>/dev/null
        ! systemctl is-active -q kubelet
      }
      containers() {
        if have docker && docker info >/dev/null 2>&1; then
          ids=$(docker ps -aq --filter name='^/k8s_') || return 1
          [ -z "$ids" ] || docker rm -f $ids >/dev/null || return 1
        fi
        socket=/run/containerd/containerd.sock
        if have crictl && [ -S "$socket" ] && ids=$(crictl -r "unix://$socket" pods -q 2>/dev/null); then
          for id in $ids; do
            crictl -r "unix://$socket" stopp "$id" >/dev/null &&
              crictl -r "unix://$socket" rmp -f "$id" >/dev/null || return 1
          done
        fi
      }
      volumes() {
        mounts '/var/lib/kubelet|/run/netns/cni-.*|/var/run/netns/cni-.*' | while read -r path; do
          umount "$path" || umount -l "$path"
        done
        rm -f /run/netns/cni-*
        [ -z "$(mounts /var/lib/kubelet)" ]
      }
      devices() {
        have ip || return 0
        if ip link show kube-ipvs0 >/dev/null 2>&1 && have ipvsadm; then
          for address in $(ip -o addr show kube-ipvs0 | awk '{ sub("/.*", "", $4); print $4 }'); do
            ipvsadm -Sn | grep -F -- "$address:" | awk '$1 == "-A" { print $2, $3 }' |
              while read -r kind service; do ipvsadm -D "$kind" "$service"; done
          done
        fi
        for device in kube-ipvs0 nodelocaldns cni0 flannel.1 flannel-v6.1 vxlan.calico \\
          weave cilium_host cilium_net cilium_vxlan; do
          ! ip link show "$device" >/dev/null 2>&1 || ip link delete "$device" || return 1
        done
        for device in $(ip -o link show | sed -n 's/^[0-9]*: \\(cali[0-9a-f]*\\)@.*/\\1/p'); do
          ip link delete "$device" || return 1
        done
      }
      rules() {
        for variant in iptables iptables-legacy iptables-nft ip6tables ip6tables-legacy ip6tables-nft; do
          have "$variant-save" && have "$variant-restore" || continue
          all=$("$variant-save" -c 2>/dev/null) || continue
          echo "$all" | grep -qE "^:$CHAINS" || continue
          echo "$all" | sed -E -e "/^:$CHAINS/d" -e "/^\\[[0-9:]+\\] -A $CHAINS/d" \\
            -e "/ -[jg] $CHAINS/d" | "$variant-restore" -c || return 1
        done
        if have ipset; then
          for set in $(ipset list -n 2>/dev/null | grep '^KUBE-'); do ipset destroy "$set"; done
        fi
        return 0
      }
      files() {
        [ -z "$(mounts /var/lib/kubelet)" ] || return 1
        for path in /etc/kubernetes /var/lib/kubelet /var/lib/etcd /var/lib/cni /var/lib/dockershim \\
          /run/kubernetes /run/flannel /var/log/pods /var/log/containers /var/log/kubernetes; do
          rm -rf --one-file-system "$path" || [ -z "$(ls -A "$path")" ] || return 1
        done
      }
      part kubelet
      part containers
      part volumes
      part devices
      part rules
      part files
      [ -z "$failed" ] || { echo "not all of Kubernetes could be taken off this host:$failed" >&2; exit 1; }
      """;

  /** The step. */
  public Reset(Host host) {
    super("take Kubernetes off", host);
  }

  /** The script with what it needs, for the journal. */
  static String script() {
    return "CHAINS='" + CHAINS + "'\n" + SCRIPT;
  }

  @Override
  public boolean recorded() {
    return false;
  }

  @Override
  public String fingerprint() {
    return "";
  }

  @Override
  public void run(StepContext context) {
    context.exec(
        HostCommand.builder(script()).title("take Kubernetes off").timeout(TIMEOUT).build());
  }
}
