# What init.sh and what it calls put on this host, so that clean.sh removes exactly that and gives back what was there before; sourced.

installed=/var/lib/sealer/installed
mkdir -p "$installed"
touch "$installed/files" "$installed/folders" "$installed/units"

ours() { grep -qxF -- "$1" "$installed/files"; }

# folder PATH: makes a folder, and remembers which of it and its parents are ours.
folder() {
  [ -d "$1" ] && return 0
  folder "$(dirname "$1")"
  grep -qxF -- "$1" "$installed/folders" || echo "$1" >>"$installed/folders"
  mkdir -p "$1"
}

# put MODE SOURCE PATH: installs a file; true if that changed something. The replacement is a rename, so running programs are safe.
put() {
  local mode=$1 source=$2 path=$3
  if ! ours "$path"; then
    if [ -e "$path" ] || [ -L "$path" ]; then
      mkdir -p "$installed/before$(dirname "$path")"
      cp -a "$path" "$installed/before$path"
    fi
    echo "$path" >>"$installed/files"
  fi
  if [ -f "$path" ] && [ ! -L "$path" ] && cmp -s "$source" "$path"; then
    return 1
  fi
  folder "$(dirname "$path")"
  cp "$source" "$path.sealer-new"
  chmod "$mode" "$path.sealer-new"
  mv -f "$path.sealer-new" "$path"
}

# missing PROGRAM: this host has no such program, or only the one that we brought.
missing() {
  local found
  found=$(command -v "$1") || return 0
  ours "$found"
}

# off UNIT: stops and disables a unit that the host runs; clean.sh starts it again.
off() {
  systemctl is-active -q "$1" 2>/dev/null || systemctl is-enabled -q "$1" 2>/dev/null || return 0
  grep -qxF "$1" "$installed/units" || echo "$1" >>"$installed/units"
  systemctl disable --now "$1"
}
