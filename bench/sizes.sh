#!/usr/bin/env bash
# Sizes of the release binaries.
. "$(dirname "$0")/common.sh"
build elkctl elk-sd elk-ac elk-manager elk-sim
for name in elkctl elk-sd elk-ac elk-manager elk-sim; do
  printf '%-12s %5.1f MiB\n' "$name" "$(stat -c %s "$target/release/$name" | awk '{ print $1 / 1048576 }')"
done
