"""`python -m …process.images`: a picture made anew, so that nothing else of it remains."""

from typing import Final

from PIL import Image

from convosphere.core.images.errors import ImageRefusedError
from convosphere.core.images.making import FORMATS, make_image
from convosphere.knowledge.parsing.kinds import DocumentType
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.previews.process.serving import serve

_FORMATS: Final = (*FORMATS, "TIFF", "BMP")
_MOST_BYTES: Final = 100_000_000


def make_picture(source: Source, _number: int) -> bytes:
    """A JPEG of a picture, or of the first one of several."""
    if source.size > _MOST_BYTES:
        raise ImageRefusedError
    return make_image(source.read(_MOST_BYTES), _FORMATS).data


if __name__ == "__main__":
    Image.init()
    serve({DocumentType.IMAGE: make_picture})
