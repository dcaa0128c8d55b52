"""`python -m …process.pages`: a page of a PDF as a picture. No script of it runs, and no form of it is filled."""

import io
from typing import Final

import pypdfium2 as pdfium
from PIL import Image

from convosphere.knowledge.parsing.errors import DamagedFileError
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.previews.process.serving import serve
from convosphere.knowledge.previews.schemas import LONGEST_SIDE

_SHARPEST: Final = 2.5


def page_picture(source: Source, number: int, longest_side: int = LONGEST_SIDE) -> Image.Image:
    """A page, counted from 1, drawn so that it has no side longer than that.

    Raises:
        DamagedFileError: there is no such page, or it cannot be drawn.
    """
    try:
        with pdfium.PdfDocument(source.open()) as document:
            if not 1 <= number <= len(document):
                raise DamagedFileError
            page = document[number - 1]
            scale = min(_SHARPEST, longest_side / max(*page.get_size(), 1))
            return page.render(scale=scale).to_pil().convert("RGB")  # pyright: ignore[reportArgumentType]  # Any number is a scale.
    except pdfium.PdfiumError:
        raise DamagedFileError from None


def make_page(source: Source, number: int) -> bytes:
    """A page as a JPEG."""
    encoded = io.BytesIO()
    page_picture(source, number).save(encoded, "JPEG", quality=85)
    return encoded.getvalue()


if __name__ == "__main__":
    Image.init()
    serve({DocumentType.PDF: make_page})
