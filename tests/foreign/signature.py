"""Calls of AgentCenter's HTTP API, signed with an access key and a secret key."""

import hashlib
import hmac
import http.client
import json
import ssl
import time

# Between the parts stand a backslash and an n, not a line feed.
SEPARATOR = "\\n"


def sign(method, path, query, access, secret, timestamp, body):
    if path.endswith("/"):
        path = path[:-1]
    digest = hashlib.sha256(body).hexdigest() if body else ""
    text = SEPARATOR.join([method, path, query, access, str(timestamp), digest])
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def call(address, key, method, path, value=None, stale=0):
    """Returns the status and the document; `stale` seconds are taken off the time of signing."""
    access, secret = key
    access = access.lower()
    body = b"" if value is None else json.dumps(value).encode()
    now = int(time.time()) - stale
    # Between services certificates are not looked at.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection = http.client.HTTPSConnection(address, timeout=30, context=context)
    headers = {
        "AccessKey": access,
        "TimeStamp": str(now),
        "Signature": sign(method, path, "", access, secret, now, body),
        "Content-Type": "application/json",
    }
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())
