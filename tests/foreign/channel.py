"""Connections as agents make them: mutual TLS without a server name, HTTP/2, gRPC frames."""

import socket
import ssl
import struct

import h2.config
import h2.connection
import h2.events
import h2.exceptions

import snappy

NAME = "elkeid.com"
TIMEOUT = 30


class Closed(Exception):
    """The connection is gone."""


class Refused(Exception):
    """The connection never came to be."""


def dial(address, ca, cert=None, key=None, alpn=("h2",)):
    """Opens a connection. `alpn` empty offers no protocol; without `cert` none is shown."""
    host, _, port = address.rpartition(":")
    plain = socket.create_connection((host.strip("[]"), int(port)), timeout=TIMEOUT)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # An agent dials an address: it sends no name and looks for one of its own in the certificate.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(ca)
    if cert:
        context.load_cert_chain(cert, key)
    if alpn:
        context.set_alpn_protocols(list(alpn))
    try:
        secure = context.wrap_socket(plain)
    except (ssl.SSLError, OSError) as error:
        raise Refused(str(error)) from error
    names = [value for kind, value in secure.getpeercert()["subjectAltName"] if kind == "DNS"]
    if NAME not in names:
        raise Refused(f"the certificate is for {names}")
    return Connection(secure, address)


class Connection:
    def __init__(self, sock, address):
        self.sock, self.address = sock, address
        config = h2.config.H2Configuration(client_side=True, header_encoding="utf-8")
        self.http = h2.connection.H2Connection(config)
        self.calls = {}
        self.http.initiate_connection()
        self.flush()

    @property
    def facts(self):
        return {"tls": self.sock.version(), "alpn": self.sock.selected_alpn_protocol()}

    def flush(self):
        try:
            self.sock.sendall(self.http.data_to_send())
        except (ssl.SSLError, OSError) as error:
            raise Closed(str(error)) from error

    def call(self, path, encoding="snappy"):
        stream = self.http.get_next_available_stream_id()
        headers = [
            (":method", "POST"),
            (":scheme", "https"),
            (":path", path),
            (":authority", self.address),
            ("content-type", "application/grpc"),
            ("user-agent", "grpc-go/1.69.4"),
            ("te", "trailers"),
            ("grpc-encoding", encoding),
            ("grpc-accept-encoding", "snappy"),
        ]
        self.calls[stream] = call = Call(self, stream)
        self.http.send_headers(stream, headers)
        self.flush()
        return call

    def pump(self):
        """Waits for bytes of the server and hands out what they say."""
        try:
            received = self.sock.recv(65536)
        except TimeoutError:
            raise
        except (ssl.SSLError, OSError) as error:
            raise Closed(str(error)) from error
        if not received:
            raise Closed("the server closed the connection")
        for event in self.http.receive_data(received):
            self.take(event)
        self.flush()

    def take(self, event):
        if isinstance(event, h2.events.ConnectionTerminated):
            raise Closed(f"GOAWAY {event.error_code}")
        call = self.calls.get(getattr(event, "stream_id", None))
        if call is None:
            return
        if isinstance(event, h2.events.ResponseReceived):
            call.headers = dict(event.headers)
        elif isinstance(event, h2.events.DataReceived):
            call.buffer += event.data
            if event.flow_controlled_length:
                self.http.acknowledge_received_data(
                    event.flow_controlled_length, event.stream_id
                )
        elif isinstance(event, h2.events.TrailersReceived):
            call.trailers = dict(event.headers)
        elif isinstance(event, h2.events.StreamEnded):
            call.ended = True
        elif isinstance(event, h2.events.StreamReset):
            call.ended, call.reset_code = True, event.error_code

    def abort(self):
        """Ends the TCP connection with RST: no goodbye of TLS or HTTP/2."""
        linger = struct.pack("ii", 1, 0)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.sock.close()


class Call:
    """One gRPC call."""

    def __init__(self, connection, stream):
        self.connection, self.stream = connection, stream
        self.headers, self.trailers = {}, {}
        self.buffer, self.ended, self.reset_code = b"", False, None

    def send(self, message, compressed=True):
        """Sends one message; an empty one is never compressed."""
        if message and compressed:
            packed = snappy.compress(message)
            self.send_raw(b"\x01" + struct.pack(">I", len(packed)) + packed)
        else:
            self.send_raw(b"\x00" + struct.pack(">I", len(message)) + message)

    def send_raw(self, content):
        http = self.connection.http
        while content:
            room = min(http.local_flow_control_window(self.stream), http.max_outbound_frame_size)
            if room == 0:
                self.connection.pump()
                continue
            try:
                http.send_data(self.stream, content[:room])
            except h2.exceptions.ProtocolError as error:
                raise Closed(str(error)) from error
            content = content[room:]
            self.connection.flush()

    def half_close(self):
        self.connection.http.end_stream(self.stream)
        self.connection.flush()

    def reset(self):
        """Ends the stream with RST_STREAM (CANCEL)."""
        self.connection.http.reset_stream(self.stream, 8)
        self.connection.flush()
        self.ended = True

    def wait_headers(self):
        while not self.headers and not self.ended:
            self.connection.pump()
        return self.headers

    def message(self):
        """The next message of the server; None at the end."""
        while True:
            if len(self.buffer) >= 5:
                flag, length = struct.unpack(">BI", self.buffer[:5])
                if len(self.buffer) >= 5 + length:
                    content = self.buffer[5 : 5 + length]
                    self.buffer = self.buffer[5 + length :]
                    return self.inflate(flag, content)
            if self.ended:
                return None
            self.connection.pump()

    def inflate(self, flag, content):
        if flag == 0:
            return content
        if self.headers.get("grpc-encoding") != "snappy":
            raise Closed(f"an answer in {self.headers.get('grpc-encoding')}")
        return snappy.decompress(content)

    def status(self):
        """Waits for the end of the call; (code, text), code None where there is none."""
        while not self.ended:
            if self.message() is None:
                break
        # A call that is refused has its status in the headers.
        found = self.trailers or self.headers
        code = found.get("grpc-status")
        return (None if code is None else int(code), found.get("grpc-message", ""))
