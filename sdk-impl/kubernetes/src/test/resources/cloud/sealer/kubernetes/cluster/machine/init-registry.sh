#!/bin/bash
# port, volume and domain
test -s "../certs/$3.crt" && test -d "$2" || exit 1
touch /var/lib/docker/sealer-registry
