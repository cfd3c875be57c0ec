"""The snappy block format and the framing format, from their public descriptions."""

import struct

IDENTIFIER = b"\xff\x06\x00\x00sNaPpY"
BLOCK = 65536


class Corrupt(Exception):
    """The bytes are no snappy stream."""


def _table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ 0x82F63B78 if value & 1 else value >> 1
        table.append(value)
    return table


_CRC = _table()


def masked_crc32c(content):
    crc = 0xFFFFFFFF
    for byte in content:
        crc = _CRC[(crc ^ byte) & 0xFF] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _length(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def _literal(content):
    if not content:
        return b""
    last = len(content) - 1
    if last < 60:
        return bytes([last << 2]) + content
    if last < 256:
        return bytes([60 << 2, last]) + content
    return bytes([61 << 2]) + struct.pack("<H", last) + content


def _copy(offset, length):
    out = b""
    while length:
        part = min(length, 64)
        out += bytes([(part - 1) << 2 | 2]) + struct.pack("<H", offset)
        length -= part
    return out


def compress_block(content):
    out, seen, start, at = [_length(len(content))], {}, 0, 0
    while at + 4 <= len(content):
        word = content[at : at + 4]
        before = seen.get(word)
        seen[word] = at
        if before is None or at - before > 0xFFFF:
            at += 1
            continue
        length = 4
        while at + length < len(content) and content[before + length] == content[at + length]:
            length += 1
        out += [_literal(content[start:at]), _copy(at - before, length)]
        at += length
        start = at
    out.append(_literal(content[start:]))
    return b"".join(out)


def decompress_block(block):
    size = at = shift = 0
    while True:
        byte = block[at]
        size |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            break
    out = bytearray()
    while at < len(block):
        tag = block[at]
        at += 1
        if tag & 3 == 0:
            length = tag >> 2
            if length >= 60:
                extra = length - 59
                length = int.from_bytes(block[at : at + extra], "little")
                at += extra
            out += block[at : at + length + 1]
            at += length + 1
            continue
        if tag & 3 == 1:
            length, offset = (tag >> 2 & 7) + 4, tag >> 5 << 8 | block[at]
            at += 1
        else:
            extra = 2 if tag & 3 == 2 else 4
            length, offset = (tag >> 2) + 1, int.from_bytes(block[at : at + extra], "little")
            at += extra
        if not 0 < offset <= len(out):
            raise Corrupt("a copy from before the start")
        for _ in range(length):
            out.append(out[-offset])
    if len(out) != size:
        raise Corrupt("a block is not as long as it says")
    return bytes(out)


def compress(content):
    """One complete stream, as an agent sends it for each message."""
    out = [IDENTIFIER]
    for start in range(0, len(content), BLOCK):
        plain = content[start : start + BLOCK]
        packed = compress_block(plain)
        kind, body = (0, packed) if len(packed) < len(plain) * 7 // 8 else (1, plain)
        out.append(bytes([kind]) + (len(body) + 4).to_bytes(3, "little"))
        out.append(struct.pack("<I", masked_crc32c(plain)) + body)
    return b"".join(out)


def decompress(stream):
    if not stream.startswith(IDENTIFIER):
        raise Corrupt("no stream identifier")
    at, out = 0, bytearray()
    while at < len(stream):
        kind, length = stream[at], int.from_bytes(stream[at + 1 : at + 4], "little")
        chunk = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if len(chunk) != length:
            raise Corrupt("a chunk is cut off")
        if kind in (0, 1):
            plain = decompress_block(chunk[4:]) if kind == 0 else chunk[4:]
            if struct.pack("<I", masked_crc32c(plain)) != chunk[:4]:
                raise Corrupt("a checksum is wrong")
            out += plain
        elif 2 <= kind < 0x80:
            raise Corrupt("a chunk that must not be skipped")
    return bytes(out)
