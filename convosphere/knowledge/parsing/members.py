"""What a ZIP archive holds, before anything of it is unpacked: names are data, sizes are checked, links are left."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import ZipInfo

from convosphere.knowledge.parsing.archives import BROKEN, opened_archive
from convosphere.knowledge.parsing.detection import check_type
from convosphere.knowledge.parsing.errors import (
    DamagedFileError,
    EncryptedFileError,
    TooComplexError,
    TooManyMembersError,
)
from convosphere.knowledge.parsing.kinds import ENDINGS, DocumentType
from convosphere.knowledge.parsing.schemas import Limits, ParseWarning, WarningCode
from convosphere.knowledge.parsing.sources import Source

_SMALL = 10_000_000
"""Ratios of archives that unpack to less than this do no harm."""
_UNPACKED = 4_000_000_000


@dataclass(frozen=True)
class Member:
    """A file in an archive, by its place; `folder` is made of plain names."""

    number: int
    name: str
    folder: str
    size: int


@dataclass(frozen=True)
class Contents:
    """The files of an archive, and remarks on what is left out."""

    members: tuple[Member, ...]
    warnings: tuple[ParseWarning, ...]


def contents_of(path: Path, limits: Limits) -> Contents:
    """Look into an archive.

    Raises:
        TooManyMembersError, TooComplexError, EncryptedFileError, DamagedFileError, UnsupportedTypeError: as they say.
    """
    source = Source(path)
    check_type(source, DocumentType.ZIP)
    try:
        with opened_archive(source, limits.parts, TooManyMembersError(count=str(limits.parts))) as archive:
            entries = archive.infolist()
    except BROKEN:
        raise DamagedFileError from None
    _check(entries, source.size, limits)
    warnings: list[ParseWarning] = []
    members = tuple(_members(entries, warnings))
    return Contents(members, tuple(warnings))


def _check(entries: list[ZipInfo], packed: int, limits: Limits) -> None:
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise EncryptedFileError
    unpacked = sum(entry.file_size for entry in entries)
    # Members that share their bytes unpack to far more than the archive could hold.
    overlaps = sum(entry.compress_size for entry in entries) > packed
    if overlaps or unpacked > _UNPACKED or unpacked > max(_SMALL, limits.unpacked_ratio * packed):
        raise TooComplexError


def _members(entries: list[ZipInfo], warnings: list[ParseWarning]) -> Iterator[Member]:
    for number, entry in enumerate(entries):
        steps = [
            step for step in PurePosixPath(entry.filename.replace("\\", "/")).parts if step not in {"/", "..", "."}
        ]
        if entry.is_dir() or not steps or any(step.startswith((".", "__MACOSX")) for step in steps):
            continue
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind and not stat.S_ISREG(kind):
            warnings.append(ParseWarning(WarningCode.LINK_LEFT_OUT, part=entry.filename[:200]))
        elif ENDINGS.get(PurePosixPath(steps[-1]).suffix.lower()) is DocumentType.ZIP:
            warnings.append(ParseWarning(WarningCode.ARCHIVE_LEFT_OUT, part=entry.filename[:200]))
        else:
            yield Member(number, steps[-1], "/".join(steps[:-1]), entry.file_size)
