"""A conversation as a document of Word, with real footnotes."""

import io
import re
from collections.abc import Sequence
from typing import Final

from docx import Document
from docx.document import Document as DocumentObject
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Emu, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run as WordRun

from convosphere.chat.transfer.writing.blocks import Block, Run, blocks_of
from convosphere.chat.transfer.writing.transcript import Note, Picture, Transcript, Turn

_GREY: Final = RGBColor(0x60, 0x64, 0x6C)
_BLUE: Final = RGBColor(0x3A, 0x5B, 0xC7)
_MONO: Final = "Courier New"
_PER_PIXEL: Final = 9_525
"""English Metric Units, at 96 pixels an inch."""
_WIDEST: Final = 5_400_000
# XML 1.0, section 2.2: whatever is none of its characters.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FOOTNOTES_FILE: Final = "/word/footnotes.xml"


def write_docx(transcript: Transcript) -> bytes:
    """The document."""
    document = Document()
    document.core_properties.title = _xml(transcript.title)
    document.core_properties.author = ""
    document.core_properties.language = transcript.locale
    document.core_properties.created = document.core_properties.modified = transcript.begun.replace(tzinfo=None)
    document.add_heading(_xml(transcript.title), 0)
    _meta(document, f"{transcript.begun:%Y-%m-%d}")
    for turn in transcript.turns:
        _turn(document, turn, transcript.words.files)
    if transcript.notes:
        _footnotes(document, transcript.notes)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _turn(document: DocumentObject, turn: Turn, files_word: str) -> None:
    document.add_heading(_xml(turn.speaker), 2)
    _meta(document, f"{turn.moment:%Y-%m-%d %H:%M} UTC")
    if turn.files:
        _meta(document, f"{files_word}: {', '.join(turn.files)}")
    for picture in turn.pictures:
        _picture(document, picture)
    for block in blocks_of(turn.text):
        _block(document, block)
    if turn.remark:
        _meta(document, turn.remark)


def _meta(document: DocumentObject, text: str) -> None:
    run = document.add_paragraph().add_run(_xml(text))
    run.font.size, run.font.color.rgb = Pt(9), _GREY


def _picture(document: DocumentObject, picture: Picture) -> None:
    if picture.path.is_file() and picture.width:
        width = min(picture.width * _PER_PIXEL, _WIDEST)
        document.add_picture(str(picture.path), width=Emu(width))


def _block(document: DocumentObject, block: Block) -> None:
    match block.kind:
        case "heading":
            _fill(document.add_heading("", min(block.level + 2, 9)), block.runs)
        case "item":
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.left_indent = Pt(18 * block.depth)
            paragraph.paragraph_format.first_line_indent = Pt(-14) if block.mark else Pt(0)
            paragraph.add_run(f"{block.mark} " if block.mark else "")
            _fill(paragraph, block.runs)
        case "code":
            paragraph = document.add_paragraph()
            run = paragraph.add_run(_xml(block.runs[0].text))
            run.font.name, run.font.size = _MONO, Pt(9)
        case "table":
            _table(document, block)
        case "rule":
            document.add_paragraph("―" * 20)
        case _:
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.left_indent = Pt(18 * block.depth)
            _fill(paragraph, block.runs)


def _table(document: DocumentObject, block: Block) -> None:
    columns = max(map(len, block.rows), default=0)
    if not columns:
        return
    table = document.add_table(rows=0, cols=columns)
    table.style = "Table Grid"
    for row in block.rows:
        for cell, runs in zip(table.add_row().cells, row, strict=False):
            _fill(cell.paragraphs[0], runs)


def _fill(paragraph: Paragraph, runs: Sequence[Run]) -> None:
    for run in runs:
        if run.note:
            paragraph._p.append(_reference(run.note))  # noqa: SLF001  # The library has no footnotes.
        else:
            _look(paragraph.add_run(_xml(run.text)), run)


def _look(word: WordRun, run: Run) -> None:
    word.bold, word.italic = run.is_bold or None, run.is_italic or None
    word.font.strike = run.is_struck or None
    if run.is_code:
        word.font.name = _MONO
    if run.href:  # What it leads to stands there as text: nothing is fetched, and nobody follows it unseen.
        word.font.color.rgb = _BLUE
        if run.href.rstrip("/") != run.text.rstrip("/"):
            word.add_text(f" ({_xml(run.href)})")


def _reference(number: int) -> BaseOxmlElement:
    run, look, height = OxmlElement("w:r"), OxmlElement("w:rPr"), OxmlElement("w:vertAlign")
    height.set(qn("w:val"), "superscript")
    reference = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), str(number))
    look.append(height)
    run.append(look)
    run.append(reference)
    return run


def _footnotes(document: DocumentObject, notes: Sequence[Note]) -> None:
    """The part of the package that footnotes stand in, with the lines above them (ISO 29500, 17.11)."""
    kinds = ((-1, "separator"), (0, "continuationSeparator"))
    lines = [_footnote(number, f"<w:r><w:{kind}/></w:r>", f' w:type="{kind}"') for number, kind in kinds]
    mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
    lines += [
        _footnote(note.number, f'{mark}<w:r><w:t xml:space="preserve"> {_escaped(note.text)}</w:t></w:r>')
        for note in notes
    ]
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    xml = f"{head}<w:footnotes {nsdecls('w')}>{''.join(lines)}</w:footnotes>"
    part = Part(PackURI(_FOOTNOTES_FILE), CONTENT_TYPE.WML_FOOTNOTES, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _footnote(number: int, content: str, more: str = "") -> str:
    return f'<w:footnote w:id="{number}"{more}><w:p>{content}</w:p></w:footnote>'


def _escaped(text: str) -> str:
    return _xml(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _xml(text: str) -> str:
    """A text without what XML cannot hold."""
    return _NOT_XML.sub("", text)
