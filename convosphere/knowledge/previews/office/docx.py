"""Word: what mammoth makes of its styles, with pictures made anew."""

from collections.abc import Callable
from typing import Any
from zipfile import BadZipFile

import mammoth

from convosphere.knowledge.parsing.archives import check_archive
from convosphere.knowledge.parsing.errors import DamagedFileError
from convosphere.knowledge.parsing.schemas import Limits
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.previews.office.html import page_of
from convosphere.knowledge.previews.office.pictures import Pictures


def docx_page(source: Source, _number: int) -> bytes:
    """A Word document as a page.

    Raises:
        TooComplexError, EncryptedFileError, DamagedFileError: as they say.
    """
    check_archive(source, Limits())
    try:
        # Files beside the document, which it may name, are not read.
        made = mammoth.convert_to_html(
            source.open(), convert_image=mammoth.images.img_element(_pictures(Pictures())), external_file_access=False
        )
    except (BadZipFile, KeyError, ValueError, AttributeError):
        raise DamagedFileError from None
    return page_of(made.value)


def _pictures(pictures: Pictures) -> Callable[[Any], dict[str, str]]:
    def picture(image: Any) -> dict[str, str]:  # noqa: ANN401  # mammoth brings no types.
        with image.open() as data:
            address = pictures.address(data.read())
        return {"src": address} if address else {}

    return picture
