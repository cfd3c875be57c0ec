"""Fields of protobuf messages: no schema, no generated code."""


class Malformed(Exception):
    """The bytes are no message."""


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    """A varint field; zero is not written."""
    return varint(field << 3) + varint(value) if value else b""


def present(field, value):
    """A field of bytes that is written even if it is empty."""
    return varint(field << 3 | 2) + varint(len(value)) + value


def data(field, value):
    """A field of bytes or text; empty is not written."""
    if isinstance(value, str):
        value = value.encode()
    return present(field, value) if value else b""


def read_varint(buffer, at):
    value = 0
    for count in range(10):
        if at >= len(buffer):
            raise Malformed("a varint is cut off")
        byte = buffer[at]
        at += 1
        value |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:
            return value & ((1 << 64) - 1), at
    raise Malformed("a varint is too long")


def fields(buffer):
    """Yields (number, value) in order; a value is an int or bytes."""
    at = 0
    while at < len(buffer):
        key, at = read_varint(buffer, at)
        kind = key & 7
        if kind == 0:
            value, at = read_varint(buffer, at)
        elif kind == 1:
            value, at = buffer[at : at + 8], at + 8
        elif kind == 2:
            length, at = read_varint(buffer, at)
            value, at = buffer[at : at + length], at + length
        elif kind == 5:
            value, at = buffer[at : at + 4], at + 4
        else:
            raise Malformed(f"wire type {kind}")
        if at > len(buffer):
            raise Malformed("a field is cut off")
        yield key >> 3, value


def signed(value, bits):
    """Reads a varint as a signed number."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value
