"""Reads a topic with kcat and decodes its records by hand: no part of this project is used.

Usage: read.py BROKER TOPIC COUNT
Prints a line of JSON for each record.
"""

import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "foreign"))

from protobuf import fields  # noqa: E402

NAMES = {
    1: "data_type",
    2: "agent_time",
    4: "agent_id",
    5: "intranet_ipv4",
    6: "extranet_ipv4",
    7: "intranet_ipv6",
    8: "extranet_ipv6",
    9: "hostname",
    10: "version",
    11: "product",
    12: "svr_time",
    13: "psm_name",
    14: "psm_path",
    15: "tag",
}


def item(body):
    """Returns the pairs of a record's body: a map of text to text."""
    pairs = {}
    for number, entry in fields(body):
        assert number == 1, number
        pair = dict(fields(entry))
        pairs[pair.get(1, b"").hex()] = pair.get(2, b"").hex()
    return pairs


def record(value):
    shown = {}
    for number, content in fields(value):
        if number == 3:
            shown["body"] = item(content)
        else:
            name = NAMES[number]
            assert name not in shown, name
            shown[name] = content.decode() if isinstance(content, bytes) else content
    return shown


def frames(stream):
    """Yields partition, key and value of what kcat was told to print."""
    at = 0
    while at < len(stream):
        end = stream.index(b" ", at)
        partition, at = int(stream[at:end]), end + 1
        end = stream.index(b" ", at)
        length, at = int(stream[at:end]), end + 1
        key, at = stream[at : at + length], at + length
        length, at = int.from_bytes(stream[at : at + 4], "big"), at + 4
        yield partition, key, stream[at : at + length]
        at += length


def main():
    broker, topic, count = sys.argv[1:]
    command = ["kcat", "-C", "-q", "-b", broker, "-t", topic, "-o", "beginning", "-c", count]
    command += ["-f", "%p %K %k%R%s", "-X", "topic.metadata.refresh.interval.ms=500"]
    stream = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=60).stdout
    for partition, key, value in frames(stream):
        shown = record(value)
        shown["partition"], shown["key"] = partition, key.decode()
        print(json.dumps(shown))


main()
