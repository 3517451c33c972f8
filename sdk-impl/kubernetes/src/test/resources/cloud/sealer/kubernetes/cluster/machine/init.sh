#!/bin/bash
# storage, domain and port of the registry
swapoff -a
mkdir -p "$1"
install -m 755 ../bin/* /usr/bin/
systemctl enable kubelet
