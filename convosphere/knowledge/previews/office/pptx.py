"""PowerPoint: each slide with its words, tables and pictures from top to bottom, and its notes."""

from collections.abc import Iterable, Iterator
from typing import Any, Final
from zipfile import BadZipFile

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.exc import PackageNotFoundError

from convosphere.knowledge.parsing.archives import check_archive
from convosphere.knowledge.parsing.errors import DamagedFileError
from convosphere.knowledge.parsing.schemas import Limits
from convosphere.knowledge.parsing.sources import Source
from convosphere.knowledge.previews.office.html import page_of, words
from convosphere.knowledge.previews.office.pictures import Pictures

_MOST_SLIDES: Final = 300
_DEEPEST: Final = 8

Shape = Any
"""python-pptx's shapes have what their kind has; its types say so for none."""


def pptx_page(source: Source, _number: int) -> bytes:
    """A presentation as a page.

    Raises:
        TooComplexError, EncryptedFileError, DamagedFileError: as they say.
    """
    check_archive(source, Limits())
    try:
        slides = list(Presentation(source.open()).slides)[:_MOST_SLIDES]
        pictures = Pictures()
        return page_of("".join(_slide(pictures, number, slide) for number, slide in enumerate(slides, start=1)))
    except (BadZipFile, KeyError, ValueError, AttributeError, PackageNotFoundError):
        raise DamagedFileError from None


def _slide(pictures: Pictures, number: int, slide: Any) -> str:  # noqa: ANN401  # As of shapes.
    title = slide.shapes.title
    head = f"<h2>{words(title.text_frame.text)}</h2>" if title is not None and title.has_text_frame else ""
    others = [shape for shape in slide.shapes if title is None or shape.shape_id != title.shape_id]
    body = "".join(_shapes(pictures, others, 0))
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    aside = f"<aside>{words(notes.text)}</aside>" if notes and notes.text.strip() else ""
    return f'<section class="slide" id="slide-{number}"><small>{number}</small>{head}{body}{aside}</section>'


def _shapes(pictures: Pictures, shapes: Iterable[Shape], depth: int) -> Iterator[str]:
    for shape in sorted(shapes, key=lambda each: (each.top or 0, each.left or 0)):
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP and depth < _DEEPEST:
            yield from _shapes(pictures, shape.shapes, depth + 1)
        elif shape.shape_type == MSO_SHAPE_TYPE.PICTURE:
            yield pictures.tag(shape.image.blob, shape.name)
        elif getattr(shape, "has_table", False):
            yield _table(shape.table)
        elif shape.has_text_frame:
            yield "".join(_paragraphs(shape.text_frame))


def _paragraphs(frame: Any) -> Iterator[str]:  # noqa: ANN401  # As of shapes.
    for paragraph in frame.paragraphs:
        if text := paragraph.text.strip():
            yield f"<ul><li>{words(text)}</li></ul>" if paragraph.level else f"<p>{words(text)}</p>"


def _table(table: Any) -> str:  # noqa: ANN401  # As of shapes.
    rows = ("".join(f"<td>{words(cell.text_frame.text)}</td>" for cell in row.cells) for row in table.rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
