"""What a file is: its name's ending and its content must agree."""

from pathlib import PurePath

import puremagic

from convosphere.knowledge.parsing.archives import BROKEN, opened_archive
from convosphere.knowledge.parsing.cleaning import clean_line
from convosphere.knowledge.parsing.containers import container_of
from convosphere.knowledge.parsing.decoding import utf16_without_mark
from convosphere.knowledge.parsing.errors import (
    DamagedFileError,
    EmptyFileError,
    EncryptedFileError,
    TooComplexError,
    TooManyMembersError,
    UnsupportedTypeError,
)
from convosphere.knowledge.parsing.kinds import ENDINGS, RECORDINGS, TEXTS, DocumentType
from convosphere.knowledge.parsing.schemas import Limits
from convosphere.knowledge.parsing.sources import Source

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 8_192
_MOST_PARTS = Limits().parts
_PARTS = {
    "word/document.xml": DocumentType.DOCX,
    "xl/workbook.xml": DocumentType.XLSX,
    "ppt/presentation.xml": DocumentType.PPTX,
}
# The name that OpenDocument and EPUB archives say of themselves, in a part called "mimetype".
_MEDIA_TYPES = {
    b"application/vnd.oasis.opendocument.text": DocumentType.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": DocumentType.ODS,
    b"application/vnd.oasis.opendocument.presentation": DocumentType.ODP,
    b"application/epub+zip": DocumentType.EPUB,
}
_COMPOUND_PARTS = {"WordDocument": "DOC", "Workbook": "XLS", "PowerPoint Document": "PPT",
                   "__properties_version1.0": DocumentType.MSG}  # fmt: skip
_PICTURES = {"PNG", "JPG", "JPEG", "JFIF", "GIF", "WEBP", "TIF", "TIFF", "BMP"}


def type_by_name(name: str) -> DocumentType:
    """The type that a name's ending stands for.

    Raises:
        UnsupportedTypeError: the ending is none that is read; `found` is the ending.
    """
    ending = PurePath(clean_line(name)).suffix.lower()
    if ending not in ENDINGS:
        raise UnsupportedTypeError(found=ending.lstrip(".").upper()[:20] or "?")
    return ENDINGS[ending]


def check_type(source: Source, expected: DocumentType) -> None:
    """Compare the content with the type by name.

    Raises:
        EmptyFileError, EncryptedFileError, DamagedFileError, TooManyMembersError, TooComplexError: as they say.
        UnsupportedTypeError: the content is something else; `found` names it where that is known.
    """
    head = source.read(_HEAD)
    if not head.strip(b"\x00 \t\r\n"):
        raise EmptyFileError
    if expected in RECORDINGS and container_of(head):
        return
    found = _type_by_content(source, head, expected)
    if found == expected or (found == DocumentType.TEXT and expected in TEXTS):
        return
    if expected is DocumentType.IMAGE and found in _PICTURES:
        return
    if not found and expected not in TEXTS:
        raise DamagedFileError
    raise UnsupportedTypeError(expected=expected, found=found)


def _type_by_content(source: Source, head: bytes, expected: DocumentType) -> str:
    """A name for what the bytes are, "" if unknown."""
    if b"%PDF-" in head[:1_024]:
        return DocumentType.PDF
    if head.startswith(_ZIP):
        return _archive_type(source, expected)
    if head.startswith(_COMPOUND):
        return _compound_type(source)
    if head.startswith(b"{\\rtf"):
        return DocumentType.RTF
    if _looks_like_text(head):
        return DocumentType.TEXT
    return _magic_name(head)


def _archive_type(source: Source, expected: DocumentType) -> str:
    is_folder = expected is DocumentType.ZIP
    beyond = TooManyMembersError(count=str(_MOST_PARTS)) if is_folder else TooComplexError()
    try:
        with opened_archive(source, _MOST_PARTS, beyond) as archive:
            names = set(archive.namelist())
            named = archive.open("mimetype").read(100) if "mimetype" in names else b""
    except BROKEN:
        raise DamagedFileError from None
    by_part = next((kind for part, kind in _PARTS.items() if part in names), DocumentType.ZIP)
    return _MEDIA_TYPES.get(named.strip(), by_part)


def _compound_type(source: Source) -> str:
    """Old Office files, e-mails of Outlook and encrypted new files share a container, whose directory has UTF-16
    names; it stands anywhere, and the file's head says where.
    """
    with source.open() as file:
        data = file.read(4_000_000)
        sector_size = 1 << min(int.from_bytes(data[30:32], "little"), 16)
        file.seek((int.from_bytes(data[48:52], "little") + 1) * sector_size)
        data += file.read(65_536)
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise EncryptedFileError
    parts = _COMPOUND_PARTS.items()
    return next((kind for part, kind in parts if part.encode("utf-16-le") in data), "Microsoft Office 97")


def _looks_like_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or utf16_without_mark(head):
        return True
    controls = sum(head.count(byte) for byte in range(32) if byte not in b"\t\n\r\x0c\x1b")
    # A few NULs among text are cleaned away; a picture or a program has many control bytes.
    return controls <= len(head) // 50


def _magic_name(head: bytes) -> str:
    try:
        ending = puremagic.from_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    return ending.lstrip(".").upper()
