"""`python -m …process.thumbnails`: a small picture of the first page of a PDF, or of a picture."""

import io
from typing import Final

from PIL import Image

from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.previews.process.images import make_picture
from convosphere.knowledge.previews.process.pages import page_picture
from convosphere.knowledge.previews.process.serving import serve

_SIDE: Final = 144
"""Pixels; a list shows it at a third of that, sharp on any screen."""


def thumbnail_of_page(source: Source, _number: int) -> bytes:
    """The first page, small."""
    return _small(page_picture(source, 1, 4 * _SIDE))


def thumbnail_of_picture(source: Source, number: int) -> bytes:
    """A picture, small."""
    return _small(Image.open(io.BytesIO(make_picture(source, number))))


def _small(picture: Image.Image) -> bytes:
    picture.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    encoded = io.BytesIO()
    picture.save(encoded, "WEBP", quality=80, method=4)
    return encoded.getvalue()


if __name__ == "__main__":
    Image.init()
    serve({DocumentType.PDF: thumbnail_of_page, DocumentType.IMAGE: thumbnail_of_picture})
