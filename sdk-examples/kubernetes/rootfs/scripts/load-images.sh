#!/bin/bash
# load-images.sh: loads the archives of ../images into the engine. Which archive holds which image is kept in
# /var/lib/sealer/installed/images, a line each: archive, tab, image.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../images"
list=/var/lib/sealer/installed/images
mkdir -p "$(dirname "$list")"

: >"$list.new"
for archive in *; do
  [ -f "$archive" ] || continue
  docker load -q -i "$archive" | sed -n "s#^Loaded image: #$archive\t#p" >>"$list.new"
done
mv -f "$list.new" "$list"
