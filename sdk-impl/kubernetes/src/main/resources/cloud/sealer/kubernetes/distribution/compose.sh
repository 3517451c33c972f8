# Makes $ROOT/rootfs of the layers that standard input names, lowest first, and removes the layers
# that are neither among them nor in $KEEP. The rootfs is replaced by renaming. What the registry
# has, its certificates and its passwords stay, at the same inodes, since a running registry has them
# mounted.
set -eu
cd "$ROOT"
passwords=etc/registry_htpasswd

keep_passwords() {
  if [ -f "rootfs.old/$passwords" ]; then
    mkdir -p rootfs/etc
    # A container that started meanwhile has made a directory of it.
    rm -rf "rootfs/$passwords"
    mv "rootfs.old/$passwords" "rootfs/$passwords"
  fi
}

# An earlier run was cut between two renames.
if [ -d rootfs.old ]; then
  [ -d rootfs ] || mv rootfs.old rootfs
  for kept in registry certs; do
    [ ! -d "rootfs.old/$kept" ] || [ -d "rootfs/$kept" ] || mv "rootfs.old/$kept" "rootfs/$kept"
  done
  keep_passwords
fi
rm -rf rootfs.old rootfs.new
mkdir -m 0755 rootfs.new

exists() { [ -e "$1" ] || [ -L "$1" ]; }
directory() { [ -d "$1" ] && [ ! -L "$1" ]; }

# apply LAYER TARGET: deletions, then what changes its kind, then the rest. Small files are copied,
# so that what scripts write into them stays out of the layer; big ones are linked.
apply() {
  cd "$1"
  find . -name '.wh.*' | while read -r mark; do
    name=${mark##*/.wh.}
    if [ "$name" != .wh..opq ]; then
      rm -rf "$2/${mark%/*}/$name"
    elif directory "$2/${mark%/*}"; then
      find "$2/${mark%/*}" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
    fi
  done
  find . -mindepth 1 ! -name '.wh.*' -type d | while read -r path; do
    if exists "$2/$path" && ! directory "$2/$path"; then rm -f "$2/$path"; fi
  done
  find . -mindepth 1 ! -name '.wh.*' ! -type d | while read -r path; do
    if directory "$2/$path"; then rm -rf "$2/$path"; fi
  done
  find . -mindepth 1 ! -name '.wh.*' ! \( -type f -size +2048 \) -print0 |
    tar --null --no-recursion --numeric-owner -T - -cf - | tar --numeric-owner -xpf - -C "$2"
  find . -type f -size +2048 ! -name '.wh.*' -print0 | xargs -0 -r cp -alf --parents -t "$2"
  cd "$ROOT"
}

# of_registry LAYER: has nothing but files of the registry, and no deletions.
of_registry() { [ "$(ls -A "$1")" = registry ] && [ -z "$(find "$1" -name '.wh.*' -print -quit)" ]; }
only_blobs() { [ -d "$1/registry/docker/registry/v2/blobs" ] &&
  [ "$(ls -A "$1/registry/docker/registry/v2")" = blobs ]; }

registry=
blobs=
names=' '
while read -r name; do
  names="$names$name "
  layer="$LAYERS/$name"
  [ -d "$layer" ] || { echo "layer $name is gone" >&2; exit 1; }
  if ! of_registry "$layer"; then
    apply "$layer" "$ROOT/rootfs.new"
  elif only_blobs "$layer"; then
    blobs="$blobs $layer/registry"
  else
    registry="$registry $name"
  fi
done
[ "$REGISTRY" = 1 ] || rm -rf rootfs.new/registry
[ ! -d rootfs.new/registry ] || mv rootfs.new/registry rootfs.new/registry.image

if [ -d rootfs ]; then mv rootfs rootfs.old; fi
mv rootfs.new rootfs
for kept in registry certs; do
  [ ! -d "rootfs.old/$kept" ] || { rm -rf "rootfs/$kept" && mv "rootfs.old/$kept" "rootfs/$kept"; }
done
keep_passwords
if [ "$REGISTRY" = 1 ]; then
  mkdir -p rootfs/registry
  if [ -d rootfs/registry.image ]; then
    cp -alf rootfs/registry.image/. rootfs/registry/
    rm -rf rootfs/registry.image
  fi
  # Blobs never change, so a layer may share them with the registry.
  for blob in $blobs; do cp -alf "$blob" rootfs/; done
  for name in $registry; do apply "$LAYERS/$name" "$ROOT/rootfs"; done
fi
rm -rf rootfs.old
for layer in "$LAYERS"/*; do
  case "$names$KEEP" in *" ${layer##*/} "*) ;; *) rm -rf "$layer" ;; esac
done
sync
