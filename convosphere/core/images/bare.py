"""Whether an image is already as this product makes them, so that it need not lose anything by being made anew."""

from typing import Final

_HEAD: Final = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
_END: Final = b"\xff\xd9"
_MARKER: Final = 0xFF
_SCAN: Final = 0xDA
_BARE: Final = frozenset({0xE0, 0xDB, 0xC0, 0xC4, _SCAN})
"""What `making.make_image` writes: the head, tables of numbers, the frame, tables of codes, the pixels."""


def is_bare_jpeg(data: bytes, width: int, height: int) -> bool:
    """Whether there is nothing in a JPEG of this size but its pixels, and nothing behind them (ITU T.81, annex B)."""
    place = 2
    if not data.startswith(_HEAD) or not data.endswith(_END):
        return False
    while place + 9 <= len(data) and data[place] == _MARKER and (kind := data[place + 1]) in _BARE:
        if kind == 0xC0 and data[place + 5 : place + 9] != height.to_bytes(2) + width.to_bytes(2):
            return False  # It would be made smaller.
        place += 2 + int.from_bytes(data[place + 2 : place + 4])
        if kind == _SCAN:
            return data.find(_END, place) == len(data) - len(_END)
    return False
