"""Electronic books: their chapters, one below the other, with their pictures."""

import re
from typing import Final
from zipfile import ZipFile

from convosphere.knowledge.parsing.archives import check_archive
from convosphere.knowledge.parsing.decoding import decode
from convosphere.knowledge.parsing.markup.books import book_of
from convosphere.knowledge.parsing.packages import part_beside
from convosphere.knowledge.parsing.schemas import Limits
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.previews.office.html import cleaned, whole_page
from convosphere.knowledge.previews.office.pictures import Pictures

_LONGEST_BOOK: Final = 4_000_000
# Covers are drawings around a picture.
_DRAWN: Final = re.compile(r"<image\b([^>]*?)\s(?:xlink:)?href=")
_HEAD: Final = re.compile(r"<head\b.*?</head>", re.DOTALL | re.IGNORECASE)


def epub_page(source: Source, _number: int) -> bytes:
    """A book as a page.

    Raises:
        TooComplexError, EncryptedFileError, DamagedFileError: as they say.
    """
    check_archive(source, Limits())
    with source.open() as packed, ZipFile(packed) as archive:
        pictures, left = Pictures(), _LONGEST_BOOK
        chapters: list[str] = []
        for name in book_of(archive).chapters:
            with archive.open(name) as part:
                data = part.read(left)
            left -= len(data)
            chapters.append(_chapter(archive, name, data, pictures))
        return whole_page("".join(f'<section class="chapter">{chapter}</section>' for chapter in chapters))


def _chapter(archive: ZipFile, name: str, data: bytes, pictures: Pictures) -> str:
    parts = set(archive.namelist())

    def picture(reference: str) -> str:
        part = part_beside(name, reference)
        return pictures.address(archive.read(part)) if part in parts else ""

    text, _ = decode(data)
    return cleaned(_DRAWN.sub(r"<img\1 src=", _HEAD.sub("", text, count=1)), picture)
