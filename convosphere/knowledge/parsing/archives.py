"""Looks into what is packed before anything opens it: how much there is, sizes, ratios, nesting, declarations."""

import lzma
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from convosphere.knowledge.parsing.errors import DamagedFileError, EncryptedFileError, ParseError, TooComplexError
from convosphere.knowledge.parsing.schemas import Limits
from convosphere.knowledge.parsing.sources import Source

BROKEN = (
    BadZipFile,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What `zipfile` raises over archives and members that are damaged."""
_ENTRY = b"PK\x01\x02"
_BYTES_OF_ENTRY = 1_000
"""Of an archive's directory, for each part that may be in it: its name and what is told of it. Usual are 100."""
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


class _Directory:
    """A file of which, until `is_read`, only so much comes into memory as the directory of an archive may weigh.

    `zipfile` reads the directory in one piece and makes an object of each entry before anybody can count them. An
    archive may lie about how many there are, so what is counted are the bytes that are really taken for its directory.
    """

    def __init__(self, file: BinaryIO, most: int, beyond: ParseError) -> None:
        self._file, self._most, self._beyond = file, most, beyond
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable
        self.is_read = False

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes.

        Raises:
            ParseError: they are more, or list more, than may be.
        """
        if not self.is_read and size > self._most * _BYTES_OF_ENTRY:
            raise self._beyond
        data = self._file.read(size)
        if not self.is_read and data.count(_ENTRY) > self._most:
            raise self._beyond
        return data


@contextmanager
def opened_archive(source: Source, most: int, beyond: ParseError) -> Iterator[ZipFile]:
    """An archive of at most so many parts.

    Raises:
        ParseError: `beyond`, if there are more; nothing was made of them then.
    """
    with source.open() as file:
        directory = _Directory(file, most, beyond)
        with ZipFile(directory) as archive:
            directory.is_read = True
            yield archive


def check_archive(source: Source, limits: Limits) -> None:
    """Refuse what would unpack or nest beyond the limits, before a parser sees it.

    Raises:
        TooComplexError, EncryptedFileError, DamagedFileError: as they say.
    """
    try:
        with opened_archive(source, limits.parts, TooComplexError()) as archive:
            parts = archive.infolist()
            _check_sizes(parts, source.size, limits)
            for part in parts:
                # LibreOffice writes some that are empty.
                if part.file_size and part.filename.lower().endswith(_MARKUP):
                    _check_markup(archive, part, limits)
    except (*BROKEN, expat.ExpatError):
        raise DamagedFileError from None


def _check_sizes(parts: list[ZipInfo], packed: int, limits: Limits) -> None:
    if any(part.flag_bits & 0x1 for part in parts):
        raise EncryptedFileError
    unpacked = sum(part.file_size for part in parts)
    nested = sum(part.filename.lower().endswith(_ARCHIVES) for part in parts)
    if (
        nested > _MOST_NESTED_ARCHIVES
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
