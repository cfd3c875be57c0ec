#!/usr/bin/env bash
# Events per server CPU-second through elk-ac to a real Apache Kafka on this host: bodies of about 600
# bytes, 50 records in a message, once for each of COMPRESSIONS. Counts what the broker acknowledged
# over the CPU time that elk-ac itself used until then; what went through the spool is told. AGENTS, RATE
# (records a second and agent), SECONDS_EACH and RUNS change the load.
. "$(dirname "$0")/common.sh"
build elkctl elk-ac elk-sim
make_pki
start_kafka

acknowledged() { kcat -Q -b "$broker" $(for p in $(seq 0 11); do echo -t "$1:$p:-1"; done) | awk '{ sum += $NF } END { printf "%.0f", sum }'; }
settled() { [ "$(metric elk_ac_kafka_in_flight_records)" = 0 ] && [ "$(metric elk_ac_bus_queued_bytes)" = 0 ] && [ "$(metric elk_ac_kafka_spooled_records)" = 0 ]; }

for compression in ${COMPRESSIONS:-none zstd lz4}; do
  topic=bench-$compression
  start_ac "bus = { engine = \"kafka\", kafka = { brokers = [\"$broker\"], topic = \"$topic\", compression = \"$compression\" } }"
  sim --count "${AGENTS:-10}" --spread 0 --batch 50 --rate 100 --duration 2 >/dev/null # warms the broker up
  await settled
  for run in $(seq "${RUNS:-3}"); do
    before=$(acknowledged "$topic") cpu=$(cpu_seconds "$ac") drained=$(metric elk_ac_kafka_drained_total)
    sim --count "${AGENTS:-10}" --spread 0 --batch 50 --rate "${RATE:-20000}" --body-bytes 600 --duration "${SECONDS_EACH:-10}" >"$work/sim.json"
    await settled
    awk -v run="$run" -v name="$compression" -v a="$before" -v b="$(acknowledged "$topic")" \
      -v c="$cpu" -v d="$(cpu_seconds "$ac")" -v seconds="${SECONDS_EACH:-10}" \
      -v spooled="$(($(metric elk_ac_kafka_drained_total) - drained))" -v shed="$(metric elk_ac_records_shed_total)" 'BEGIN {
        printf "%s, run %d: %.0f events/CPU-s (%.0f events in %.0f s, %.2f CPU-s, %.0f through the spool, %.0f shed so far)\n",
          name, run, (b - a) / (d - c), b - a, seconds, d - c, spooled, shed }'
  done
  kill "$ac" && wait "$ac" || true
done
