#!/usr/bin/env bash
# Fetches the Apache Kafka that tests run against, as ordinary Maven artifacts, into DIR (default:
# target/kafka of this checkout). What is there and right is left alone.
# Usage: tests/kafka/fetch.sh [DIR]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=${1:-$here/../../target/kafka}
mkdir -p "$dir"
cd "$dir"
exec 9>.lock
flock 9
base=https://repo1.maven.org/maven2
missing=$(sha256sum --check --quiet "$here/artifacts.sha256" 2>/dev/null | sed -n 's/: FAILED.*//p') || true
[ -n "$missing" ] || exit 0
for jar in $missing; do
  path=$(sed -n "s|^$jar ||p" "$here/artifacts")
  printf 'url = "%s/%s"\noutput = "%s"\n' "$base" "$path" "$jar"
done > wanted
curl --fail --silent --show-error --location --retry 3 --connect-timeout 10 --config wanted
rm wanted
sha256sum --check --quiet "$here/artifacts.sha256"
