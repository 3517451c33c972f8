#!/bin/bash
# docker.sh [STORAGE [DOMAIN [PORT]]]: installs docker where there is none, and points it at the registry of the cluster.
# A daemon.json that is already there stays; etc/daemon.merged.json, when somebody made it out of both, is taken as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./installed.sh

storage=${1:-/var/lib/docker} domain=${2:-sea.hub} port=${3:-5000}
configuration=/etc/docker/daemon.json
changed=

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

install_engine() {
  tar -xzf ../cri/docker.tar.gz -C "$work"
  local program unit
  for program in "$work"/bin/*; do
    if put 755 "$program" "/usr/bin/$(basename "$program")"; then changed=1; fi
  done
  for unit in containerd.service docker.service; do
    if put 644 "../etc/$unit" "/etc/systemd/system/$unit"; then changed=1; fi
  done
  if ! getent group docker >/dev/null && groupadd --system docker 2>/dev/null; then touch "$installed/group"; fi
  # Docker shuts the FORWARD chain; clean.sh opens it again if it was open.
  [ -e "$installed/forward" ] || iptables -S FORWARD 2>/dev/null | awk '$1 == "-P" { print $3 }' >"$installed/forward"
  echo "$storage" >"$installed/engine"
}

# Without a JSON parser only what is surely right is done: a setting that is missing is added, one that is there is kept.
add_mirror() {
  if grep -q '"registry-mirrors"' "$configuration"; then
    grep -q "https://$domain:$port" "$configuration" ||
      echo "$configuration sets registry-mirrors without https://$domain:$port; images of docker.io will not come from the cluster" >&2
    cp "$configuration" "$work/daemon.json"
  elif [ -z "$(tr -d '{} \t\r\n' <"$configuration")" ]; then
    cp "$work/ours.json" "$work/daemon.json"
  else
    sed "0,/{/ s#{#{ \"registry-mirrors\": [\"https://$domain:$port\"],#" "$configuration" >"$work/daemon.json"
    if [ -s "$installed/engine" ] && ! grep -q '"data-root"' "$configuration"; then
      sed -i "0,/{/ s#{#{ \"data-root\": \"$storage\",#" "$work/daemon.json"
    fi
  fi
}

if missing dockerd; then install_engine; fi

sed "s#sea\.hub:5000#$domain:$port#g; s#\"/var/lib/docker\"#\"$storage\"#" ../etc/daemon.json >"$work/ours.json"
if [ -s ../etc/daemon.merged.json ]; then
  cp ../etc/daemon.merged.json "$work/daemon.json"
elif [ -s "$configuration" ] && { ! ours "$configuration" || [ -e "$installed/before$configuration" ]; }; then
  add_mirror
else
  cp "$work/ours.json" "$work/daemon.json"
fi
if put 644 "$work/daemon.json" "$configuration"; then changed=1; fi

systemctl daemon-reload
systemctl enable -q docker 2>/dev/null
if [ -n "$changed" ] || ! systemctl is-active -q docker; then
  systemctl restart docker
fi
