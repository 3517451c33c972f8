#!/bin/bash
# tools.sh: brings the programs that docker and Kubernetes call (iptables and such) to a host that has none of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./installed.sh

for tool in ../tools/*; do
  name=$(basename "$tool")
  if missing "$name"; then put 755 "$tool" "/usr/bin/$name" || true; fi
done
