#!/bin/bash
# What must hold each time the kubelet starts. Settings that the kernel does not have, or does not let a container change, are left:
# the checks of kubeadm and of the kubelet tell when one is missing.

while read -r module; do modprobe -q "$module" 2>/dev/null; done </etc/modules-load.d/k8s.conf

# One module for each name: kernels older than 4.19 have the IPv4 part on its own.
[ -e /proc/sys/net/netfilter/nf_conntrack_max ] || modprobe -q nf_conntrack_ipv4 2>/dev/null

sysctl -q -e -p /etc/sysctl.d/k8s.conf 2>/dev/null

# Swap belongs to the machine around a container.
systemd-detect-virt -q --container 2>/dev/null || swapoff -a

[ "$(getenforce 2>/dev/null)" != Enforcing ] || setenforce 0
exit 0
