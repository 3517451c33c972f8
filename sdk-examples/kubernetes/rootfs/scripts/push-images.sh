#!/bin/bash
# push-images.sh [DOMAIN [PORT]]: pushes what ../images holds into the registry of the cluster, under the path that nodes ask for:
# without the name of the registry it came from, and below library/ if it has no other folder. With passwords, log in before.
set -euo pipefail
domain=${1:-sea.hub} port=${2:-5000}

path() {
  local first=${1%%/*}
  case $1 in
    */*) case $first in *.* | *:* | localhost) set -- "${1#*/}" ;; esac ;;
    *) set -- "library/$1" ;;
  esac
  echo "$1"
}

cut -f 2 /var/lib/sealer/installed/images | while read -r image; do
  docker tag "$image" "$domain:$port/$(path "$image")"
  docker push -q "$domain:$port/$(path "$image")" </dev/null >/dev/null
done
