#!/bin/bash
# init-kube.sh: kernel settings, programs and services of a Kubernetes node.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./installed.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/modules" <<'END'
br_netfilter
nf_conntrack
overlay
END
cat >"$work/sysctl" <<'END'
net.bridge.bridge-nf-call-iptables = 1
net.bridge.bridge-nf-call-ip6tables = 1
net.ipv4.conf.all.rp_filter = 0
net.ipv4.ip_forward = 1
END
put 644 "$work/modules" /etc/modules-load.d/k8s.conf || true
put 644 "$work/sysctl" /etc/sysctl.d/k8s.conf || true

# Firewalls that do not know Kubernetes would cut its traffic.
off firewalld
off ufw

for program in ../bin/*; do
  name=$(basename "$program")
  # A tool that the distribution brings too stays the distribution's.
  if [ "$name" = conntrack ] && ! missing conntrack; then continue; fi
  put 755 "$program" "/usr/bin/$name" || true
done
for plugin in ../cni/*; do
  put 755 "$plugin" "/opt/cni/bin/$(basename "$plugin")" || true
done
put 755 kubelet-pre-start.sh /usr/bin/kubelet-pre-start.sh || true
put 644 ../etc/kubelet.service /etc/systemd/system/kubelet.service || true
put 644 ../etc/10-kubeadm.conf /etc/systemd/system/kubelet.service.d/10-kubeadm.conf || true
folder /etc/kubernetes/manifests

kubelet-pre-start.sh
systemctl daemon-reload
systemctl enable -q kubelet 2>/dev/null
