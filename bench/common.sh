# What the benchmarks share: release binaries, certificates, an AgentCenter of its own.
# Sourced, not run. Everything is made in a temporary directory that is removed at the end.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
target=${CARGO_TARGET_DIR:-target}
work=$(mktemp -d)
pids=()

end() {
  for pid in "${pids[@]:-}"; do [ -n "$pid" ] && kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap end EXIT

# Builds the release binaries named.
build() {
  local names=() name
  for name in "$@"; do names+=(-p "$name"); done
  cargo build --release --locked --quiet "${names[@]}"
}

# Waits until a command succeeds, 30 s at most.
await() {
  for _ in $(seq 1500); do "$@" >/dev/null 2>&1 && return; sleep 0.02; done
  echo "waited too long for: $*" >&2
  exit 1
}

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# Makes certificates by starting the whole backend once.
make_pki() {
  "$target/release/elkctl" up --data "$work/pki-source" --ports auto >"$work/up.log" 2>&1 &
  local pid=$!
  await test -f "$work/pki-source/endpoints.json"
  kill "$pid"
  wait "$pid" || true
  pki=$work/pki-source/pki
}

# Starts elk-ac alone; sets $ac, $grpc, $admin. Its bus is a local log, or what $1 says in TOML.
start_ac() {
  grpc=127.0.0.1:$(free_port)
  admin=127.0.0.1:$(free_port)
  cat >"$work/ac.toml" <<TOML
data = "$work/ac"
admin = "$admin"
grpc = { listen = "$grpc", connection_limit = 100000, waiting_limit = 100000, bytes_per_second = 0 }
http = { listen = "127.0.0.1:0" }
tls = { ca = "$pki/ca.crt", cert = "$pki/server.crt", key = "$pki/server.key" }
${1:-}
TOML
  "$target/release/elk-ac" --config "$work/ac.toml" >"$work/ac.log" 2>&1 &
  ac=$!
  pids+=("$ac")
  await curl -fs "http://$admin/readyz"
}

# Starts an Apache Kafka of one node, with its data in the temporary directory; sets $broker.
start_kafka() {
  local jars=$PWD/$target/kafka port controller
  [[ $target = /* ]] && jars=$target/kafka
  tests/kafka/fetch.sh "$jars"
  port=$(free_port) controller=$(free_port)
  broker=127.0.0.1:$port
  cat >"$work/kafka.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
listeners=PLAINTEXT://$broker,CONTROLLER://127.0.0.1:$controller
controller.listener.names=CONTROLLER
offsets.topic.replication.factor=1
message.max.bytes=20971520
log.message.timestamp.type=LogAppendTime
num.partitions=12
log.dirs=$work/kafka
PROPERTIES
  local java=(java -Xmx1g -XX:+UseSerialGC -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$jars/*")
  "${java[@]}" kafka.tools.StorageTool format -t MkU3OEVBNTcwNTJENDM2Qg -c "$work/kafka.properties" >/dev/null
  "${java[@]}" kafka.Kafka "$work/kafka.properties" >"$work/kafka.log" 2>&1 &
  pids+=("$!")
  await bash -c "exec 3<>/dev/tcp/127.0.0.1/$port"
}

# Prints the sum of a metric over its labels.
metric() {
  curl -fs "http://$admin/metrics" | awk -v name="$1" '$1 ~ "^" name "([{]|$)" { sum += $2 } END { printf "%.0f\n", sum }'
}

# Prints the CPU seconds that a process used.
cpu_seconds() {
  awk -v ticks="$(getconf CLK_TCK)" '{ sub(/^.*\) /, ""); printf "%.2f\n", ($12 + $13) / ticks }' "/proc/$1/stat"
}

# Prints the resident KiB of a process.
resident() {
  awk '/^VmRSS/ { print $2 }' "/proc/$1/status"
}

# With in_place=exec the process of the caller becomes elk-sim, so that its id is the one to kill.
sim() {
  ${in_place:-} "$target/release/elk-sim" --ac "$grpc" --ca "$pki/ca.crt" --cert "$pki/client.crt" --key "$pki/client.key" "$@"
}
