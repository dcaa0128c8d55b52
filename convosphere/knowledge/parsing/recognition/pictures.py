"""Pictures, and pages of PDFs that are pictures."""

import warnings as python_warnings
from collections.abc import Iterator

import pypdfium2 as pdfium
from PIL import Image, ImageSequence, UnidentifiedImageError

from convosphere.knowledge.parsing.blocks import Block, Draft
from convosphere.knowledge.parsing.errors import DamagedFileError, NoTextError, TooComplexError
from convosphere.knowledge.parsing.pdf.reading import read_pages
from convosphere.knowledge.parsing.plain.text import text_blocks
from convosphere.knowledge.parsing.recognition.engine import MOST_PIXELS, Engine, TimeUpError
from convosphere.knowledge.parsing.schemas import Limits, ParseWarning, Progress, ReportProgress, WarningCode
from convosphere.knowledge.parsing.sources import Source

_DOTS_PER_POINT = 300 / 72
_MOST_SIDE = 4_500
_MOST_FRAMES = 200


def read_picture(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read the text in a picture; a scan of several pages, as TIFF has them, page by page.

    Raises:
        NoTextError: there is none.
        TooComplexError, DamagedFileError: as they say.
    """
    engine = Engine(limits.seconds)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    blocks: list[Block] = []
    remarks: list[ParseWarning] = []
    pages = 0
    try:
        for pages, frame in enumerate(_frames(source), start=1):
            report(Progress(pages - 1, 0))
            blocks += _blocks(engine.recognise(frame), pages)
    except TimeUpError:
        remarks.append(ParseWarning(WarningCode.RECOGNITION_STOPPED, max(pages, 1)))
    if not blocks:
        raise NoTextError(picture="yes")
    remarks += (ParseWarning(WarningCode.TEXT_RECOGNISED, page) for page in sorted({b.page or 1 for b in blocks}))
    return Draft(blocks, pages=pages if pages > 1 else None, warnings=remarks, is_named_by_file=True)


def read_scan(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read a PDF some of whose pages are pictures."""
    engine = Engine(limits.seconds)

    def see(page: pdfium.PdfPage, number: int) -> list[Block]:
        side = max(page.get_size()) * _DOTS_PER_POINT
        scale = _DOTS_PER_POINT * min(1.0, _MOST_SIDE / max(side, 1.0))
        drawn = page.render(scale=scale, grayscale=True)  # pyright: ignore[reportArgumentType]  # Of any number.
        return list(_blocks(engine.recognise(drawn.to_pil()), number))

    return read_pages(source, limits, report, see)


def _frames(source: Source) -> Iterator[Image.Image]:
    """The pages of a picture; of one that moves only the first."""
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(source.open()) as picture:
                for number, frame in enumerate(ImageSequence.Iterator(picture)):
                    if number and (picture.format != "TIFF" or number >= _MOST_FRAMES):
                        return
                    yield frame
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise TooComplexError from None
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
            raise DamagedFileError from None


def _blocks(text: str, page: int) -> Iterator[Block]:
    for block in text_blocks(text):
        yield Block(block.kind, block.text, block.level, block.label, page, block.tight)
