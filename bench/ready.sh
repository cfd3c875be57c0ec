#!/usr/bin/env bash
# Milliseconds from the start of `elkctl up` until endpoints.json says that everything serves:
# the first start on a new directory, and later ones. RUNS changes how many of each.
. "$(dirname "$0")/common.sh"
build elkctl
now() { date +%s%3N; }
once() {
  local began pid
  began=$(now)
  "$target/release/elkctl" up --data "$1" --ports auto --demo 50 >"$work/up.log" 2>&1 &
  pid=$!
  until [ -s "$1/endpoints.json" ]; do sleep 0.002; done
  echo $(($(now) - began))
  kill "$pid"
  wait "$pid" || true
}
figures() { sort -n | awk -v what="$1" '{ all[NR] = $1 } END { printf "%s: min %d ms, median %d ms, max %d ms\n", what, all[1], all[int((NR + 1) / 2)], all[NR] }'; }
runs=${RUNS:-10}
for run in $(seq "$runs"); do once "$work/first-$run"; done | figures "first start"
once "$work/again" >/dev/null
for _ in $(seq "$runs"); do once "$work/again"; done | figures "later start"
