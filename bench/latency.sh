#!/usr/bin/env bash
# Time from an agent's send to the broker's append, as a percentile, at half load: AGENTS agents send RATE records a
# second each, and one more agent sends PROBES messages a second of one record that says when it was
# sent. The broker's time is that of its own log (LogAppendTime, in milliseconds), on the same clock.
. "$(dirname "$0")/common.sh"
build elkctl elk-ac elk-sim
make_pki
start_kafka
start_ac "bus = { engine = \"kafka\", kafka = { brokers = [\"$broker\"], topic = \"latency\", compression = \"${COMPRESSION:-zstd}\" } }"
sim --count 5 --spread 0 --batch 50 --rate 100 --duration 3 >/dev/null # warms the broker up
seconds=${SECONDS_EACH:-20}
(in_place=exec sim --count "${AGENTS:-10}" --spread 0 --batch 50 --rate "${RATE:-10000}" --body-bytes 600 --duration "$((seconds + 4))" >"$work/load.json") &
load=$!
pids+=("$load")
sleep 2
sim --count 1 --seed 999 --spread 0 --batch 1 --stamp --rate "${PROBES:-200}" --duration "$seconds" >"$work/probe.json"
wait "$load"
for p in $(seq 0 11); do
  kcat -C -q -b "$broker" -t latency -p "$p" -o beginning -e -f '%T %S %s' | python3 -c '
import sys
data, at = sys.stdin.buffer, 0
while True:
    head = b""
    while head.count(b" ") < 2:
        byte = data.read(1)
        if not byte: sys.exit()
        head += byte
    time, size = map(int, head.split())
    value = data.read(size)
    found = value.find(b"sent_us")
    if found >= 0:
        length = value[found + 8]
        print(time - int(value[found + 9:found + 9 + length]) / 1000)'
done | sort -n | awk -v load="$(cat "$work/load.json")" '{ all[NR] = $1 } END {
  pick = "\"%s\""
  printf "%d probes: p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, max %.1f ms; load %s\n",
    NR, all[int(NR * 0.5) + 1], all[int(NR * 0.99) + 1], all[int(NR * 0.999) + 1], all[NR], load }'
