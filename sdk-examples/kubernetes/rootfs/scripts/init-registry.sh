#!/bin/bash
# init-registry.sh [PORT [VOLUME [DOMAIN]]]: runs the registry of the cluster as container sealer-registry: TLS with
# ../certs/DOMAIN.crt and .key, VOLUME as its storage, passwords from ../etc/registry_htpasswd if that exists. Loads the archives of
# ../images; without passwords it also pushes them (push-images.sh, which needs a login otherwise). A registry that already runs with
# the same settings is left alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
rootfs=$(cd .. && pwd)
port=${1:-5000} volume=${2:-$rootfs/registry} domain=${3:-sea.hub}
name=sealer-registry
certs=$rootfs/certs htpasswd=$rootfs/etc/registry_htpasswd configuration=$rootfs/etc/registry_config.yml

for file in "$certs/$domain.crt" "$certs/$domain.key"; do
  [ -s "$file" ] || { echo "$file is missing: the registry needs a certificate for $domain" >&2; exit 1; }
done

./load-images.sh
image=$(awk -F '\t' '$1 == "registry.tar" { print $2; exit }' /var/lib/sealer/installed/images)
[ -n "$image" ] || { echo "$rootfs/images/registry.tar, the image of the registry, is missing" >&2; exit 1; }

options=(
  --net host --restart always
  -v "$certs:/certs:ro" -v "$volume:/var/lib/registry"
  -e "REGISTRY_HTTP_ADDR=:$port"
  -e "REGISTRY_HTTP_TLS_CERTIFICATE=/certs/$domain.crt" -e "REGISTRY_HTTP_TLS_KEY=/certs/$domain.key"
)
if [ -f "$configuration" ]; then options+=(-v "$configuration:/etc/docker/registry/config.yml:ro"); fi
if [ -f "$htpasswd" ]; then
  options+=(-v "$htpasswd:/htpasswd:ro" -e REGISTRY_AUTH=htpasswd -e REGISTRY_AUTH_HTPASSWD_PATH=/htpasswd
    -e "REGISTRY_AUTH_HTPASSWD_REALM=Registry Realm")
fi

settings=$({
  printf '%s\n' "${options[@]}"
  docker image inspect -f '{{.Id}}' "$image"
  cat "$certs/$domain.crt"
  if [ -f "$configuration" ]; then cat "$configuration"; fi
  if [ -f "$htpasswd" ]; then cat "$htpasswd"; fi
} | sha256sum | cut -d ' ' -f 1)

running() { [ "$(docker inspect -f '{{.State.Running}} {{index .Config.Labels "settings"}}' "$name" 2>/dev/null)" = "true $settings" ]; }
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

if ! running; then
  mkdir -p "$volume"
  docker rm -f "$name" >/dev/null 2>&1 || true
  docker run -d --name "$name" --label "settings=$settings" "${options[@]}" "$image" >/dev/null
fi

for _ in $(seq 60); do
  if answers; then
    if [ ! -f "$htpasswd" ]; then ./push-images.sh "$domain" "$port"; fi
    exit 0
  fi
  sleep 0.5
done
echo "the registry does not answer on port $port; its last words:" >&2
docker logs --tail 20 "$name" >&2
exit 1
