# Prints what the host is, one "name=value" in a line; FactsReader reads it. POSIX shell, no program that busybox lacks.
LC_ALL=C
export LC_ALL
exec 2>/dev/null

say() { printf '%s=%s\n' "$1" "$2"; }

# The clock first: everything after it takes time.
say time "$(date +%s.%N)"

has() { command -v "$1" >/dev/null; }
first() { sed -n 1p; }
release() { sed -n "s/^$1=//p" /etc/os-release /usr/lib/os-release | first | tr -d "\"'"; }
meminfo() { sed -n "s/^$1: *\([0-9]*\) kB/\1/p" /proc/meminfo; }

say hostname "$(uname -n)"
say machine-id "$(first </etc/machine-id)"
say os "$(uname -s)"
say arch "$(uname -m)"
say kernel "$(uname -r)"
say distribution "$(release ID)"
say distribution-version "$(release VERSION_ID)"
say processors "$(getconf _NPROCESSORS_ONLN || nproc || grep -c '^processor' /proc/cpuinfo)"
say memory "$(meminfo MemTotal)"
say swap "$(meminfo SwapTotal)"

if has ip; then
  ip -o addr show | sed -n 's/^[0-9]*: [^ ]* *inet6\{0,1\} \([^ /]*\).*/address=\1/p'
else
  hostname -I | tr ' ' '\n' | sed -n 's/^\(..*\)$/address=\1/p'
fi

df -P -k | sed -n '2,$s/^/filesystem=/p'

# State 0A is LISTEN.
sed -n 's/^ *[0-9]*: [0-9A-F]*:\([0-9A-F]*\) [0-9A-F]*:[0-9A-F]* 0A .*/listening=\1/p' /proc/net/tcp /proc/net/tcp6

# The first word of a program's answer that looks like a version.
version() { tr ' ,"' '\n\n\n' | sed -n 's/^v\{0,1\}[0-9][0-9]*\.[0-9].*$/&/p' | first; }
runtime() { has "$1" && say runtime "$1 $("$@" </dev/null | version)"; }
kubernetes() { has "$1" && say kubernetes "$1 $("$@" </dev/null | version)"; }

runtime docker --version
runtime containerd --version
runtime crio --version
runtime podman --version
kubernetes kubelet --version
kubernetes kubeadm version -o short
kubernetes kubectl version --client -o yaml
kubernetes k3s --version
say end 1
