"""What a file is: its name's ending and its content must agree."""

from enum import StrEnum
from pathlib import Path, PurePath
from zipfile import BadZipFile, ZipFile

import puremagic

from convosphere.knowledge.parsing.cleaning import clean_line
from convosphere.knowledge.parsing.decoding import utf16_without_mark
from convosphere.knowledge.parsing.errors import (
    DamagedFileError,
    EmptyFileError,
    EncryptedFileError,
    UnsupportedTypeError,
)


class DocumentType(StrEnum):
    """The types that are read."""

    PDF = "PDF"
    DOCX = "DOCX"
    HTML = "HTML"
    MARKDOWN = "Markdown"
    TEXT = "TXT"


ENDINGS = {
    ".pdf": DocumentType.PDF,
    ".docx": DocumentType.DOCX,
    ".html": DocumentType.HTML,
    ".htm": DocumentType.HTML,
    ".xhtml": DocumentType.HTML,
    ".md": DocumentType.MARKDOWN,
    ".markdown": DocumentType.MARKDOWN,
    ".txt": DocumentType.TEXT,
    ".text": DocumentType.TEXT,
}
_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 8_192


def type_by_name(name: str) -> DocumentType:
    """The type that a name's ending stands for.

    Raises:
        UnsupportedTypeError: the ending is none that is read; `found` is the ending.
    """
    ending = PurePath(clean_line(name)).suffix.lower()
    if ending not in ENDINGS:
        raise UnsupportedTypeError(found=ending.lstrip(".").upper()[:20] or "?")
    return ENDINGS[ending]


def check_type(path: Path, expected: DocumentType) -> None:
    """Compare the content with the type by name.

    Raises:
        EmptyFileError, EncryptedFileError, DamagedFileError: as they say.
        UnsupportedTypeError: the content is something else; `found` names it where that is known.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\x00 \t\r\n"):
        raise EmptyFileError
    found = _type_by_content(path, head)
    if found == expected or (found == DocumentType.TEXT and expected in _TEXTS):
        return
    if not found and expected in {DocumentType.PDF, DocumentType.DOCX}:
        raise DamagedFileError
    raise UnsupportedTypeError(expected=expected, found=found)


_TEXTS = (DocumentType.TEXT, DocumentType.MARKDOWN, DocumentType.HTML)


def _type_by_content(path: Path, head: bytes) -> str:
    """A name for what the bytes are, "" if unknown."""
    if b"%PDF-" in head[:1_024]:
        return DocumentType.PDF
    if head.startswith(_ZIP):
        return _archive_type(path)
    if head.startswith(_COMPOUND):
        return _compound_type(path)
    if head.startswith(b"{\\rtf"):
        return "RTF"
    if _looks_like_text(head):
        return DocumentType.TEXT
    return _magic_name(head)


def _archive_type(path: Path) -> str:
    try:
        with ZipFile(path) as archive:
            names = set(archive.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        raise DamagedFileError from None
    parts = {"word/document.xml": DocumentType.DOCX, "xl/workbook.xml": "XLSX", "ppt/presentation.xml": "PPTX"}
    return next((kind for part, kind in parts.items() if part in names), "ZIP")


def _compound_type(path: Path) -> str:
    """Old Office files and encrypted new ones share a container, whose directory has UTF-16 names."""
    with path.open("rb") as file:
        data = file.read(4_000_000)
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise EncryptedFileError
    parts = {"WordDocument": "DOC", "Workbook": "XLS", "PowerPoint Document": "PPT"}
    return next((kind for part, kind in parts.items() if part.encode("utf-16-le") in data), "Microsoft Office 97")


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
