#!/usr/bin/env bash
# Events per server CPU-second through elk-ac to its local log: bodies of about 600 bytes, 50
# records in a message. Counts what elk-ac took, less what its log shed, over the CPU time that
# elk-ac itself used. AGENTS, RATE (records a second and agent; 0: as many as possible), SECONDS_EACH
# and RUNS change the load.
. "$(dirname "$0")/common.sh"
build elkctl elk-ac elk-sim
make_pki
start_ac
for run in $(seq "${RUNS:-3}"); do
  before=$(metric elkeid_ac_output_data_type_count) shed=$(metric elk_ac_records_shed_total)
  cpu=$(cpu_seconds "$ac")
  sim --count "${AGENTS:-20}" --spread 0 --batch 50 --rate "${RATE:-0}" --body-bytes 600 --duration "${SECONDS_EACH:-10}" >"$work/sim.json"
  sleep 2 # until the log is synced
  awk -v run="$run" -v a="$before" -v b="$(metric elkeid_ac_output_data_type_count)" \
    -v s="$shed" -v t="$(metric elk_ac_records_shed_total)" \
    -v c="$cpu" -v d="$(cpu_seconds "$ac")" -v seconds="${SECONDS_EACH:-10}" 'BEGIN {
      events = b - a; lost = t - s
      printf "run %d: %.0f events/CPU-s (%.0f events in %.0f s, %.2f CPU-s, %.0f shed)\n",
        run, (events - lost) / (d - c), events, seconds, d - c, lost }'
done
