"""The examples of the wire's description, met byte for byte."""

import agent
import signature
import snappy

RAW = bytes.fromhex(
    "0a1b08e9071080e2cfaa061a100a0e0a046e616d65120664726976657212076167656e742d311a0831302e302e302e31"
    "1a0831302e302e302e323a0268314207312e392e312e364a0c656c6b6569642d6167656e74"
)
FRAMED = bytes.fromhex("ff060000734e61507059015900008fa833ff") + RAW
CONFIG = bytes.fromhex(
    "1a2d0a0664726976657212067461722e677a1a07312e302e302e31220261622a026364320a687474703a2f2f782f64"
)
TASK = bytes.fromhex("121208bf27120464656d6f1a027b7d2203746f6b")
AC_KEY = ("0376b2a4c481sef5", "60b29se7164027072799f565eb964d91")
ORDER = (
    b'{"agent_id":"x","command":{"task":{"name":"collector","data":"","token":"","data_type":5050}}}'
)


def check():
    body = agent.item([("name", "driver")])
    assert body.hex() == "0a0e0a046e616d651206647269766572"
    one = agent.record(1001, body, 1700000000)
    assert agent.batch("agent-1", [one], "h1") == RAW
    assert snappy.compress(RAW) == FRAMED and snappy.decompress(FRAMED) == RAW
    long = bytes(range(256)) * 3 + b"abcd" * 50000
    assert snappy.decompress(snappy.compress(long)) == long
    assert len(snappy.compress(long)) < len(long) // 10
    configured = agent.command(CONFIG)
    assert configured["config"] == [
        {
            "name": "driver", "type": "tar.gz", "version": "1.0.0.1", "sha256": "ab",
            "signature": "cd", "download_url": ["http://x/d"], "detail": "",
        }
    ]
    task = {"data_type": 5055, "name": "demo", "data": "{}", "token": "tok"}
    assert agent.command(TASK) == {"agent_ctrl": 0, "task": task, "config": []}
    assert agent.command(b"") == {"agent_ctrl": 0, "task": None, "config": []}
    assert agent.command(b"\x12\x00")["task"]["name"] == ""
    access, secret = AC_KEY
    seen = signature.sign("GET", "/conn/stat", "", access, secret, 1700000000, b"")
    assert seen == "c384433a9c256ad5e4a59e5744babc61ddc242a571599496c31d90fc0645ac46"
    seen = signature.sign("POST", "/command/", "", access, secret, 1700000000, ORDER)
    assert seen == "c23312f1b7847ccea35f3965a295554a9a59058fd1345a2bb4456a58cb31bd95"
