#!/bin/bash
for program in ../bin/*; do
  rm -f "/usr/bin/${program##*/}"
done
rm -rf /var/lib/docker
