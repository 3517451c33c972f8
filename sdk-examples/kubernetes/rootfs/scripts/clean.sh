#!/bin/bash
# clean.sh: takes Kubernetes, and what init.sh installed, off this host again; to be called after kubeadm reset. What was on the host
# before is given back; an engine that was there before stays, with its own containers. Every step is tried, also when one before it
# failed; the exit status tells whether all worked. Run again, it does what is left.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit
. ./installed.sh
failed=0

if ! ours /usr/bin/kubelet && [ ! -s "$installed/engine" ]; then
  echo "clean.sh: init.sh has installed nothing here" >&2
  rm -rf "$installed"
  exit 0
fi

fail() {
  echo "clean.sh: failed: $*" >&2
  failed=1
}

try() { "$@" || fail "$*"; }

present() { command -v "$1" >/dev/null; }

our_engine() { [ -s "$installed/engine" ]; }

stop_services() {
  if systemctl is-active -q kubelet; then try systemctl stop kubelet; fi
  systemctl disable -q kubelet 2>/dev/null
  present docker && docker info >/dev/null 2>&1 || return 0
  local containers
  if our_engine; then
    containers=$(docker ps -aq)
  else
    containers=$(docker ps -aq --filter label=io.kubernetes.pod.uid; docker ps -aq --filter 'name=^/sealer-registry$')
  fi
  if [ -n "$containers" ]; then xargs docker rm -f -v <<<"$containers" >/dev/null || fail "docker rm of all containers"; fi
  if our_engine || [ ! -s "$installed/registry" ]; then return 0; fi
  docker image ls --format '{{.Repository}}:{{.Tag}}' | grep -E "^($(tr ' ' : <"$installed/registry")|sealer-io)/" | xargs -r docker image rm >/dev/null
}

# unmount PATH: what is mounted below, and PATH itself where it is mounted on itself, as the kubelet in a container does.
unmount() {
  awk -v top="$1" 'index($5, top "/") == 1 || ($5 == top && $4 == top) { print $5 }' /proc/self/mountinfo | sort -r |
    while read -r place; do
      umount "$(printf '%b' "$place")" || umount -l "$(printf '%b' "$place")"
    done
}

remove_node_state() {
  try unmount /var/lib/kubelet
  try rm -rf --one-file-system /etc/kubernetes /var/lib/kubelet /var/lib/etcd /var/lib/dockershim /var/lib/cni /var/run/kubernetes \
    /var/log/pods /var/log/containers /var/log/kubernetes /etc/cni/net.d/10-bridge.conflist
}

# filter_rules PROGRAM PATTERN: takes the chains that match, and all rules that name them, out of the packet filter.
filter_rules() {
  local program=$1 pattern=$2 rules
  present "$program" || return 0
  rules=$("$program-save" 2>/dev/null) || return 0
  echo "$rules" | grep -qE -- "$pattern" || return 0
  if our_engine; then rules=$(echo "$rules" | sed "s/^:FORWARD DROP/:FORWARD $(cat "$installed/forward" 2>/dev/null || echo DROP)/"); fi
  try "$program-restore" -w <<<"$(grep -vE -- "$pattern" <<<"$rules")"
}

clean_network() {
  local pattern='(^:| )(KUBE-|CNI-)' interface set
  if our_engine; then pattern='(^:| )(KUBE-|CNI-|DOCKER-|DOCKER( |$))|docker0'; fi
  filter_rules iptables "$pattern"
  filter_rules ip6tables "$pattern"
  if present ipset; then
    for set in $(ipset list -n 2>/dev/null | grep '^KUBE-'); do try ipset destroy "$set"; done
  fi
  for interface in cni0 kube-ipvs0 $(our_engine && echo docker0); do
    if [ -e "/sys/class/net/$interface" ]; then try ip link delete "$interface"; fi
  done
  ip route flush proto 177 2>/dev/null
}

# Only what an engine makes in its data folder: the folder may be one that somebody shares with us.
remove_engine() {
  our_engine || return 0
  local storage entry
  storage=$(cat "$installed/engine")
  systemctl disable -q docker containerd 2>/dev/null
  try systemctl stop docker containerd
  try unmount "$storage"
  try unmount /run/docker
  for entry in buildkit containerd containers image network overlay2 plugins runtimes swarm tmp trust vfs volumes engine-id; do
    try rm -rf --one-file-system "${storage:?}/$entry"
  done
  rmdir "$storage" 2>/dev/null
  # Where something is mounted, only what is in it can go.
  try find /var/lib/containerd -xdev -mindepth 1 -delete
  rmdir /var/lib/containerd /opt/containerd/bin /opt/containerd/lib /opt/containerd 2>/dev/null
  try rm -rf --one-file-system /run/containerd /run/docker /run/docker.sock /run/docker.pid /etc/docker/key.json
  if [ -e "$installed/group" ]; then groupdel docker 2>/dev/null; fi
}

give_back_files() {
  local path
  tac "$installed/files" | while read -r path; do
    if [ -e "$installed/before$path" ] || [ -L "$installed/before$path" ]; then
      cp -a --remove-destination "$installed/before$path" "$path" || exit 1
    else
      rm -f "$path" || exit 1
    fi
  done || fail "to give back every file"
  tac "$installed/folders" | while read -r path; do rmdir "$path" 2>/dev/null; done
}

give_back_services() {
  local unit
  systemctl daemon-reload
  systemctl reset-failed kubelet docker containerd 2>/dev/null
  while read -r unit; do try systemctl enable --now "$unit"; done <"$installed/units"
  if ! our_engine && systemctl is-active -q docker && [ -e "$installed/before/etc/docker/daemon.json" ]; then
    try systemctl restart docker
  fi
}

stop_services
remove_node_state
clean_network
remove_engine
if [ -s "$installed/registry" ]; then
  read -r domain port <"$installed/registry"
  try rm -rf "/etc/docker/certs.d/${domain:?}:${port:?}"
  rmdir /etc/docker/certs.d 2>/dev/null
fi
give_back_files
give_back_services
if [ "$failed" = 0 ]; then rm -rf "$installed"; fi
exit "$failed"
