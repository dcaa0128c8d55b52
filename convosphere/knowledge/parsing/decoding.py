"""Bytes of a text file into text."""

import codecs

from convosphere.knowledge.parsing.schemas import WarningCode
from convosphere.knowledge.parsing.sources import Source

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> tuple[str, WarningCode | None]:
    """The text, and a warning where the encoding had to be guessed.

    Byte order mark, then UTF-8, then UTF-16 by its zero bytes, then Windows-1252, which takes nearly any bytes.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), None
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 4 and "end of data" in error.reason:
            return data.decode("utf-8", errors="replace"), None
    if encoding := utf16_without_mark(data):
        return data.decode(encoding, errors="replace"), None
    # The five bytes that Windows-1252 leaves undefined become replacement characters.
    return data.decode("cp1252", errors="replace"), WarningCode.ENCODING_GUESSED


def utf16_without_mark(data: bytes) -> str:
    """The byte order if every second byte is mostly zero, as in Western text; else ""."""
    sample = data[:4_000]
    even, odd = sample[0::2], sample[1::2]
    if not odd:
        return ""
    if odd.count(0) > 0.6 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.6 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return ""


def read_bytes(source: Source, characters: int) -> bytes:
    """The bytes of a file, at most as many as so many characters can have in any encoding."""
    return source.read(4 * characters + 8)
