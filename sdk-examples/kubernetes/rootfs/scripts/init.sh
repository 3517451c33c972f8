#!/bin/bash
# init.sh [STORAGE [DOMAIN [PORT]]]: makes this host ready to become a node: container engine, programs, kernel, services.
# STORAGE is the engine's data folder, DOMAIN and PORT the registry of the cluster. Run again, it changes only what differs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./installed.sh

storage=${1:-/var/lib/docker} domain=${2:-sea.hub} port=${3:-5000}
echo "$domain $port" >"$installed/registry"

# The libraries of the programs from ../bin and ../cri; the host's own stay untouched.
(cd ../lib && find . -type f) | while read -r library; do
  put 755 "../lib/$library" "/usr/lib/sealer/${library#./}" || true
done

# Made here, before an engine or the kubelet makes them, so that they go when they are empty in the end.
for path in /etc/cni/net.d /lib/modules /usr/libexec/kubernetes/kubelet-plugins/volume/exec; do folder "$path"; done

./tools.sh
./docker.sh "$storage" "$domain" "$port"
./init-kube.sh
