#!/usr/bin/env bash
# Build time of both commands of the README from nothing: a fresh clone, an empty target directory.
# Crates that cargo has downloaded before are not downloaded again.
. "$(dirname "$0")/common.sh"
git clone --quiet . "$work/clone"
cd "$work/clone"
export CARGO_INCREMENTAL=0
timed() {
  local began=$SECONDS
  "${@:2}"
  echo "$1: $((SECONDS - began)) s"
}
CARGO_TARGET_DIR=$work/first timed "cargo build --release" cargo build --release --locked --quiet
CARGO_TARGET_DIR=$work/second timed "cargo test --workspace --no-run" cargo test --workspace --locked --no-run --quiet
