"""PowerPoint presentations: a page for each slide, its notes at its end."""

from collections.abc import Iterator

from pptx import Presentation
from unstructured.documents.elements import Element, Title
from unstructured.partition.pptx import partition_pptx

from convosphere.knowledge.parsing.archives import check_archive
from convosphere.knowledge.parsing.blocks import Block, BlockKind, Draft
from convosphere.knowledge.parsing.cleaning import squeeze
from convosphere.knowledge.parsing.markup.elements import blocks_of
from convosphere.knowledge.parsing.packages import office_properties
from convosphere.knowledge.parsing.schemas import Limits, ReportProgress
from convosphere.knowledge.parsing.sources import Source


def read_pptx(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read a presentation."""
    del report
    check_archive(source, limits)
    metadata = office_properties(source)
    metadata.pop("pages", None)
    elements = partition_pptx(file=source.open(), include_page_breaks=False, languages=[""])
    notes = _notes(source)
    blocks = [*_blocks(elements), *(block for page, text in enumerate(notes, start=1) for block in _note(text, page))]
    blocks.sort(key=lambda block: block.page or 0)
    return Draft(blocks, metadata.pop("title", ""), len(notes), metadata=metadata)


def _notes(source: Source) -> list[str]:
    """The speaker's notes of each slide; unstructured would put them before the slide."""
    slides = Presentation(source.open()).slides
    frames = [slide.notes_slide.notes_text_frame if slide.has_notes_slide else None for slide in slides]
    return [frame.text if frame else "" for frame in frames]


def _note(text: str, page: int) -> Iterator[Block]:
    for line in text.split("\n"):
        if told := squeeze(line):
            yield Block(BlockKind.PARAGRAPH, told, page=page)


def _blocks(elements: list[Element]) -> Iterator[Block]:
    """The first title of a slide is its heading; short texts below it, which look like titles, are not."""
    titled = 0
    for element in elements:
        page = element.metadata.page_number or 1
        for block in blocks_of([element]):
            is_heading = block.kind is BlockKind.HEADING and isinstance(element, Title) and titled != page
            kind = BlockKind.PARAGRAPH if block.kind is BlockKind.HEADING else block.kind
            if is_heading:
                titled = page
                yield Block(BlockKind.HEADING, block.text, 1, block.label, page)
            else:
                yield Block(kind, block.text, page=page, tight=block.tight)
