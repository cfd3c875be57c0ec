#!/usr/bin/env bash
# Look-ups per CPU-second of elk-sd: agents' own question (`/registry/detail?name=hids_svr_grpc`) over kept
# connections (wrk, from Debian), with nothing registered and with INSTANCES AgentCenters.
. "$(dirname "$0")/common.sh"
build elk-sd
port=$(free_port)
cat >"$work/sd.toml" <<TOML
listen = "127.0.0.1:$port"
[auth.keys]
bench = "a-key-for-the-bench-only"
TOML
"$target/release/elk-sd" --config "$work/sd.toml" >"$work/sd.log" 2>&1 &
sd=$!
pids+=("$sd")
await curl -fs "http://127.0.0.1:$port/ping"

look_up() {
  local url="http://127.0.0.1:$port/registry/detail?name=hids_svr_grpc$2" before after count
  before=$(cpu_seconds "$sd")
  count=$(wrk -t 1 -c "${CONNECTIONS:-64}" -d "${SECONDS_EACH:-10}s" "$url" | awk '/requests in/ { print $1 }')
  after=$(cpu_seconds "$sd")
  awk -v what="$1" -v n="$count" -v a="$before" -v b="$after" -v s="${SECONDS_EACH:-10}" 'BEGIN {
    printf "%s: %.0f look-ups/CPU-s (%.0f/s, %.2f CPU-s)\n", what, n / (b - a), n / s, b - a }'
}
for run in $(seq "${RUNS:-3}"); do look_up "nothing registered, run $run" ""; done
PYTHONPATH=tests/foreign python3 - "$port" "${INSTANCES:-10}" <<'PYTHON'
import json, sys, time, urllib.request
from signature import sign
port, count = sys.argv[1:]
for number in range(int(count)):
    body = json.dumps({"name": "hids_svr_grpc", "ip": f"127.0.0.{number + 1}", "port": 6751, "weight": number, "extra": {}}).encode()
    now, path = int(time.time()), "/registry/register"
    headers = {"AccessKey": "bench", "TimeStamp": str(now), "Content-Type": "application/json",
               "Signature": sign("POST", path, "", "bench", "a-key-for-the-bench-only", now, body)}
    answer = json.load(urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, headers)))
    assert answer["msg"] == "ok", answer
PYTHON
for run in $(seq "${RUNS:-3}"); do look_up "${INSTANCES:-10} registered, all asked for, run $run" ""; done
for run in $(seq "${RUNS:-3}"); do look_up "${INSTANCES:-10} registered, 10 asked for, run $run" "&count=10"; done
