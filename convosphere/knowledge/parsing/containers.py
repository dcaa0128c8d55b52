"""What sound and films are packed in, told by their first bytes and never by their name."""

from typing import Final

_ISO_BOXES: Final = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_LEAST: Final = 16


def container_of(head: bytes) -> str:
    """The name of a container by ffmpeg's words, "" if it is none that is read."""
    if len(head) < _LEAST:
        return ""
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head[4:8] in _ISO_BOXES and int.from_bytes(head[:4], "big") != 0:
        return "mov"
    plain = {b"OggS": "ogg", b"fLaC": "flac", b"ID3": "mp3"}
    return next((name for mark, name in plain.items() if head.startswith(mark)), _of_frames(head))


def _of_frames(head: bytes) -> str:
    """Sound without a container begins with a frame: 11 bits set, then version and layer (ISO 11172-3, ISO 13818-7)."""
    if head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return ""
    layer, version = (head[1] >> 1) & 3, (head[1] >> 3) & 3
    if layer == 0:
        return "aac" if head[1] & 0xF6 == 0xF0 else ""
    has_rate = head[2] >> 4 not in {0, 15} and (head[2] >> 2) & 3 != 3
    return "mp3" if layer == 1 and version != 1 and has_rate else ""
