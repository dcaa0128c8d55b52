"""A tiny ONNX model, written field by field in Protocol Buffers: token ids in, a row of a table for each out."""

import struct

FLOAT, INT64 = 1, 7


def lookup_model(rows: list[list[float]]) -> bytes:
    """A model with one Gather: `input_ids` (batch, tokens) to `last_hidden_state` (batch, tokens, width)."""
    width = len(rows[0])
    table = _field(1, len(rows)) + _field(1, width) + _field(2, FLOAT) + _field(8, b"table")
    table += _field(9, b"".join(struct.pack("<f", value) for row in rows for value in row))
    node = _field(1, b"table") + _field(1, b"input_ids") + _field(2, b"last_hidden_state") + _field(4, b"Gather")
    graph = _field(1, node) + _field(2, b"lookup") + _field(5, table)
    graph += _field(11, _tensor(b"input_ids", INT64, ["batch", "tokens"]))
    graph += _field(12, _tensor(b"last_hidden_state", FLOAT, ["batch", "tokens", width]))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, b"") + _field(2, 13))


def _tensor(name: bytes, kind: int, shape: list[str | int]) -> bytes:
    sizes = [_field(1, size) if isinstance(size, int) else _field(2, size.encode()) for size in shape]
    dimensions = b"".join(_field(1, size) for size in sizes)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, dimensions)))


def _field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    encoded = b""
    while value > 127:
        encoded += bytes([value & 127 | 128])
        value >>= 7
    return encoded + bytes([value])
