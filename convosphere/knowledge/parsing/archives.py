"""Looks into a packed document before anything opens it: sizes, ratios, nesting, declarations."""

import zlib
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from convosphere.knowledge.parsing.errors import DamagedFileError, EncryptedFileError, TooComplexError
from convosphere.knowledge.parsing.schemas import Limits
from convosphere.knowledge.parsing.sources import Source

_MEGABYTE = 1_000_000
_SMALL = 10 * _MEGABYTE
"""Ratios of archives that unpack to less than this do no harm."""
_CHUNK = 1 << 16
_MARKUP = (".xml", ".rels")
_ARCHIVES = (".zip", ".jar", ".docx", ".xlsx", ".pptx", ".7z", ".gz")
_MOST_NESTED_ARCHIVES = 50
_STREAMED = "xl/worksheets/"
"""Sheets are read row by row only as far as there is room for them, so only their heads are looked at before."""
_HEAD = 1 << 20


def check_archive(source: Source, limits: Limits) -> None:
    """Refuse what would unpack or nest beyond the limits, before a parser sees it.

    Raises:
        TooComplexError, EncryptedFileError, DamagedFileError: as they say.
    """
    try:
        with source.open() as packed, ZipFile(packed) as archive:
            parts = archive.infolist()
            _check_sizes(parts, source.size, limits)
            for part in parts:
                # LibreOffice writes some that are empty.
                if part.file_size and part.filename.lower().endswith(_MARKUP):
                    _check_markup(archive, part, limits)
    except (BadZipFile, EOFError, zlib.error, NotImplementedError, UnicodeDecodeError, expat.ExpatError):
        raise DamagedFileError from None


def _check_sizes(parts: list[ZipInfo], packed: int, limits: Limits) -> None:
    if any(part.flag_bits & 0x1 for part in parts):
        raise EncryptedFileError
    unpacked = sum(part.file_size for part in parts)
    nested = sum(part.filename.lower().endswith(_ARCHIVES) for part in parts)
    if (
        len(parts) > limits.parts
        or nested > _MOST_NESTED_ARCHIVES
        or unpacked > limits.unpacked_megabytes * _MEGABYTE
        or (unpacked > _SMALL and unpacked > limits.unpacked_ratio * packed)
    ):
        raise TooComplexError


def _check_markup(archive: ZipFile, part: ZipInfo, limits: Limits) -> None:
    """Read a part once, piece by piece: no document type declaration (so no entities), no abysmal depth."""
    parser = expat.ParserCreate()
    depth = 0

    def refuse(*_: object) -> None:
        raise TooComplexError

    def enter(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.depth:
            raise TooComplexError

    def leave(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = enter
    parser.EndElementHandler = leave
    with archive.open(part) as file:
        while piece := file.read(_CHUNK):
            parser.Parse(piece, False)
            if part.filename.startswith(_STREAMED) and file.tell() >= _HEAD:
                return
        parser.Parse(b"", True)
