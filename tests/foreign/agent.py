"""What agents and AgentCenters say to each other."""

import time

from protobuf import data, fields, number, present, signed

TRANSFER = "/grpc.Transfer/Transfer"
UPLOAD = "/grpc.FileExt/Upload"
HEARTBEAT, PLUGIN_HEARTBEAT, RESULT = 1000, 1001, 5100
VERSION, PRODUCT = "1.9.1.6", "elkeid-agent"


def item(pairs):
    """The content of a record: a map of text to text, which may be no text at all."""
    return b"".join(present(1, data(1, key) + data(2, value)) for key, value in pairs)


def record(data_type, body, timestamp=None):
    at = int(time.time()) if timestamp is None else timestamp
    return number(1, data_type) + number(2, at) + data(3, body)


def batch(agent_id, records, hostname="foreign-1", intranet=("10.0.0.1", "10.0.0.2"), extranet=()):
    out = b"".join(present(1, it) for it in records) + data(2, agent_id)
    out += b"".join(present(3, it.encode()) for it in intranet)
    out += b"".join(present(4, it.encode()) for it in extranet)
    return out + data(7, hostname) + data(8, VERSION) + data(9, PRODUCT)


def heartbeat(boot_time="1700000000", **more):
    pairs = {
        "arch": "x86_64",
        "boot_time": boot_time,
        "cpu": "0.015",
        "idc": "default",
        "kernel_version": "5.10",
        "platform": "debian",
        "platform_family": "debian",
        "platform_version": "12.11",
        "region": "default",
        "rss": "14331904",
        "state": "running",
        "total_mem": "25276502016",
    }
    pairs.update(more)
    return record(HEARTBEAT, item(pairs.items()))


def plugin_heartbeat(name, version):
    pairs = [("name", name), ("pversion", version), ("cpu", "0.01"), ("rss", "8966144")]
    return record(PLUGIN_HEARTBEAT, item(pairs))


def result(token, status="succeed", message="done", **more):
    pairs = [("token", token), ("status", status), ("msg", message), *more.items()]
    return record(RESULT, item(pairs))


def _task(message):
    task = {"data_type": 0, "name": "", "data": "", "token": ""}
    for field, value in fields(message):
        if field == 1:
            task["data_type"] = signed(value, 32)
        elif 2 <= field <= 4:
            task[("name", "data", "token")[field - 2]] = value.decode()
    return task


def _config(message):
    names = ("name", "type", "version", "sha256", "signature", "download_url", "detail")
    entry = dict.fromkeys(names, "")
    entry["download_url"] = []
    for field, value in fields(message):
        if field == 6:
            entry["download_url"].append(value.decode())
        elif 1 <= field <= 7:
            entry[names[field - 1]] = value.decode()
    return entry


def command(message):
    out = {"agent_ctrl": 0, "task": None, "config": []}
    for field, value in fields(message):
        if field == 1:
            out["agent_ctrl"] = signed(value, 32)
        elif field == 2:
            out["task"] = _task(value)
        elif field == 3:
            out["config"].append(_config(value))
    return out


def chunk(token, content):
    return data(1, token) + data(2, content)


def upload_status(message):
    """0 is success, 1 is failure."""
    return next((value for field, value in fields(message) if field == 1), 0)
