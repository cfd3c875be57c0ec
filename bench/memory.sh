#!/usr/bin/env bash
# Resident memory of elk-ac for each agent after its first message. AGENTS changes their number.
. "$(dirname "$0")/common.sh"
agents=${AGENTS:-5000}
ulimit -n $((agents * 2 + 1000))
build elkctl elk-ac elk-sim
make_pki
start_ac
idle=$(resident "$ac")
in_place=exec sim --count "$agents" --spread 20 --heartbeat 600 >"$work/sim.json" &
pids+=("$!")
reached() { [ "$(metric elkeid_ac_grpc_conn_count)" -ge "$agents" ]; }
for _ in $(seq 600); do reached && break; sleep 0.2; done
reached
sleep 3
full=$(resident "$ac")
awk -v a="$idle" -v b="$full" -v n="$agents" 'BEGIN {
  printf "%d agents: %.1f KiB each (idle %.1f MiB, full %.1f MiB)\n", n, (b - a) / n, a / 1024, b / 1024 }'
