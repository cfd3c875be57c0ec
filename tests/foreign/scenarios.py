"""What an agent does, one function a scenario.

Each gets a `World`: `tell` writes what happened as a line of JSON, `wait` reads a line.
"""

import hashlib
import json
import struct
import time
import urllib.request
import zipfile

import agent
import channel
import signature
import vectors
from agent import TRANSFER, UPLOAD, batch, heartbeat, record, result


class World:
    def __init__(self, options, tell, wait):
        self.options, self.tell, self.wait = options, tell, wait
        self.id = options.id

    def dial(self, **changes):
        options = self.options
        given = {"ca": options.ca, "cert": options.cert, "key": options.key, **changes}
        return channel.dial(options.grpc, **given)

    def stream(self, connection=None, hostname="foreign-1", **facts):
        """Opens a stream that begins with a heartbeat."""
        call = (connection or self.dial()).call(TRANSFER)
        call.send(batch(self.id, [heartbeat(**facts)], hostname))
        return call

    def signed(self, method, path, value=None, stale=0):
        address = self.options.http.removeprefix("https://")
        return signature.call(address, self.options.aksk.split(":"), method, path, value, stale)

    def until_task(self, call):
        """Takes commands up to the first task."""
        while True:
            message = call.message()
            if message is None:
                raise channel.Closed(f"the stream ended: {call.status()}")
            order = agent.command(message)
            if order["task"] is not None:
                return order["task"]

    def answer_task(self, call):
        """Answers the next task with what it was given."""
        task = self.until_task(call)
        outcome = result(task["token"], data=task["data"])
        call.send(batch(self.id, [outcome]))
        return task


def check_vectors(world):
    vectors.check()
    world.tell("met")


def connect(world):
    connection = world.dial()
    call = connection.call(TRANSFER)
    call.send(batch(world.id, [heartbeat()]))
    world.tell("connected", headers=call.wait_headers(), **connection.facts)
    world.wait()
    # What another stream says meanwhile is its own: here one that is not compressed.
    plain = connection.call(TRANSFER, encoding="identity")
    plain.send(batch(world.id + "-plain", [heartbeat()]), compressed=False)
    plain.wait_headers()
    world.tell("second")
    world.wait()
    call.half_close()
    plain.half_close()
    world.tell("ended", status=call.status(), second=plain.status())


def beat(world):
    call = world.dial().call(TRANSFER)
    hello = heartbeat(
        cpu="0.25", kernel_version="5.10", read_speed="+Inf", load_1="0x1p-2", platform="debian",
        odd=b"\xff\xfe",
    )
    plugin = agent.plugin_heartbeat("collector", "1.0.0.140")
    call.send(batch(world.id, [hello, plugin], hostname="host-of-beat", extranet=["192.0.2.7"]))
    world.tell("sent")
    world.wait()
    call.half_close()
    world.tell("ended", status=call.status())


def configuration(world):
    call = world.stream()
    order = agent.command(call.message())
    files = []
    for entry in order["config"]:
        with urllib.request.urlopen(entry["download_url"][0], timeout=30) as answer:
            content = answer.read()
        files.append({"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)})
    world.tell("configured", order=order, files=files)
    plugins = [agent.plugin_heartbeat(it["name"], it["version"]) for it in order["config"]]
    call.send(batch(world.id, plugins))
    world.tell("running")
    world.wait()
    # A later heartbeat must not bring the configuration again.
    call.send(batch(world.id, [heartbeat(region="later"), *plugins]))
    order = agent.command(call.message())
    call.send(batch(world.id, [result(order["task"]["token"])]))
    world.tell("next", order=order)
    world.wait()


def task(world):
    call = world.stream()
    world.tell("ready")
    taken = world.answer_task(call)
    world.tell("answered", task=taken)
    again = world.until_task(call)
    call.send(batch(world.id, [result(again["token"], "failed", "no such thing")]))
    world.tell("answered", task=again)
    world.wait()


def upload(world):
    connection = world.dial()
    call = world.stream(connection)
    world.tell("ready")
    order = world.until_task(call)
    given = json.loads(order["data"])
    size = given["buf_size"]
    with open(given["path"], "rb") as file:
        content = file.read()
    parts = [content[at : at + size] for at in range(0, len(content), size)]
    if len(content) % size == 0:
        # A file that fills its last chunk ends with an empty one.
        parts.append(b"")
    sending = connection.call(UPLOAD)
    for part in parts:
        sending.send(agent.chunk(order["token"], part))
    sending.half_close()
    answer = sending.message()
    outcome = [agent.upload_status(answer), sending.status()[0]]
    world.tell("uploaded", outcome=outcome, chunks=len(parts), token=order["token"])
    world.wait()


def unpack(world):
    """Reads an archive with other tools than those that made it."""
    with zipfile.ZipFile(world.wait()) as archive:
        entries = [(it.filename, archive.read(it)) for it in archive.infolist()]
    files = [(name, len(it), hashlib.sha256(it).hexdigest()) for name, it in entries]
    world.tell("unpacked", files=files)


def conflict(world):
    """Two hosts under one id, then one host twice."""
    one = world.stream(hostname="host-1", boot_time="1700000000")
    world.tell("one")
    world.wait()
    two = world.stream(hostname="host-2", boot_time="1600000000")
    world.tell("both")
    world.wait()
    for call in (one, two):
        call.send(batch(world.id, [record(59, agent.item([("still", "here")]))]))
        call.half_close()
    world.tell("left", statuses=[one.status(), two.status()])
    # The same host again, while its old stream still seems to live: the new one wins.
    world.id += "-again"
    old = world.stream(hostname="host-3")
    world.tell("old")
    world.wait()
    new = world.stream(hostname="host-3", region="new")
    world.tell("replaced", status=old.status())
    world.tell("answered", task=world.answer_task(new))
    world.wait()


def reset(world):
    """Streams and connections that break off inside a message."""
    connection = world.dial()
    call = world.stream(connection)
    call.wait_headers()
    half = b"\x01" + struct.pack(">I", 1000) + b"\xff\x06\x00\x00sNaP"
    call.send_raw(half)
    call.reset()
    call = world.stream(connection, region="after-reset")
    world.tell("again")
    world.tell("answered", task=world.answer_task(call))
    call.send_raw(half)
    connection.abort()
    call = world.stream(region="after-abort")
    world.tell("again")
    world.tell("answered", task=world.answer_task(call))
    world.wait()


def close_by_server(world):
    """A stream that the server ends by a signed order; the connection stays."""
    connection = world.dial()
    call = world.stream(connection)
    call.wait_headers()
    deadline = time.monotonic() + channel.TIMEOUT
    while world.id not in world.signed("GET", "/conn/list")[1]["data"]:
        assert time.monotonic() < deadline, "the agent is never listed"
    order = {"type": "strict", "count": 0, "id_list": [world.id]}
    late = world.signed("POST", "/conn/reset", order, stale=61)
    answer = world.signed("POST", "/conn/reset", order)
    world.tell("closed", late=late, answer=answer, status=call.status())
    call = world.stream(connection, region="after-close")
    world.tell("again")
    world.tell("answered", task=world.answer_task(call))
    world.wait()


def _attempt(world, kept, name, **changes):
    """Returns whether a stream comes to be; agents are named for their attempts."""
    world.id = f"{world.options.id}-{name}"
    try:
        call = world.stream(world.dial(**changes))
        headers = call.wait_headers()
    except (channel.Refused, channel.Closed) as error:
        return f"refused: {error}"
    kept.append(call)
    return f"answered: {headers[':status']}"


def wrong_certificate(world):
    other, kept = world.options.other, []
    foreign = {"cert": f"{other}/client.crt", "key": f"{other}/client.key"}
    told = {
        "none": _attempt(world, kept, "none", cert=None, key=None),
        "foreign": _attempt(world, kept, "foreign", **foreign),
        "no_alpn": _attempt(world, kept, "no-alpn", alpn=()),
        "http1": _attempt(world, kept, "http1", alpn=("http/1.1",)),
        "foreign_server": _attempt(world, kept, "foreign-server", ca=f"{other}/ca.crt"),
        "right": _attempt(world, kept, "right"),
    }
    world.tell("tried", **told)
    world.wait()


def traversal(world):
    """Files under tokens that lead elsewhere."""
    connection = world.dial()
    outcomes = {}
    absolute = f"{world.options.other}/x"
    tokens = ("../x", "../../x", absolute, "a/../../x", "", "..", "x\0y", "x" * 300, "plain_-1")
    for token in tokens:
        call = connection.call(UPLOAD)
        call.send(agent.chunk(token, b"content"))
        call.half_close()
        answer = call.message()
        status, text = call.status()
        outcomes[token] = [status, text, None if answer is None else agent.upload_status(answer)]
    world.tell("tried", outcomes=outcomes)


def empty_result(world):
    call = world.stream()
    kinds = (2001, 2003, 6000, 5100, 5101, 8010)
    call.send(batch(world.id, [record(kind, b"") for kind in kinds]))
    # An item without a pair, and one that is none.
    call.send(batch(world.id, [record(5100, b"\x12\x00"), record(5100, b"\xff\xff\xff")]))
    world.tell("sent")
    world.tell("answered", task=world.answer_task(call))
    world.wait()


def invalid_utf8(world):
    bodies = [
        agent.item([(b"exe", b"/bin/\xff\xfe"), (b"pid", b"1")]),
        agent.item([(b"\xc3\x28", b"\xf0\x28\x8c\x28"), (b"", b"\x80"), (b"\xed\xa0\x80", b"")]),
        b"\x00\xff\xfe\xfdno item at all\x80",
        agent.item([(b"token", b"\xff\xfe"), (b"status", b"succeed")]),
        bytes(range(256)) * 400,
    ]
    kinds = [59, 59, 59, 5100, 59]
    hostname = b"h\xff\xfe"
    records = [record(kind, body, 1700000000) for kind, body in zip(kinds, bodies)]
    call = world.dial().call(TRANSFER)
    call.send(batch(world.id, records, hostname))
    call.send(batch(world.id, [heartbeat()], hostname))
    shown = [{"data_type": kind, "body": body.hex()} for kind, body in zip(kinds, bodies)]
    world.tell("sent", records=shown, hostname=hostname.hex())
    world.wait()


ALL = {
    "vectors": check_vectors,
    "connect": connect,
    "heartbeat": beat,
    "configuration": configuration,
    "task": task,
    "upload": upload,
    "unpack": unpack,
    "conflict": conflict,
    "reset": reset,
    "close-by-server": close_by_server,
    "wrong-certificate": wrong_certificate,
    "traversal": traversal,
    "empty-result": empty_result,
    "invalid-utf8": invalid_utf8,
}
