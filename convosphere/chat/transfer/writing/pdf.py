"""A conversation as a PDF, with its own fonts."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, HRFlowable, Image, Paragraph, SimpleDocTemplate, Spacer, Table

from convosphere.chat.transfer.writing.blocks import Block, Run, blocks_of
from convosphere.chat.transfer.writing.letters import BODY, MONO, register_fonts, set_in_fonts
from convosphere.chat.transfer.writing.transcript import Picture, Transcript, Turn
from convosphere.chat.transfer.writing.turned import as_shown, direction_of, is_turned, lines_of

_MARGIN: Final = 20 * mm
_WIDTH: Final = A4[0] - 2 * _MARGIN - 12
"""Without what reportlab keeps free around the text."""
_TALLEST: Final = 120 * mm
_LONGEST_CELL: Final = 600
"""Characters; with longer ones, or too many columns, a table is written as lines."""
_MOST_COLUMNS: Final = 8
_LONGEST_PARAGRAPH: Final = 4_000
"""Characters that are laid out as a whole, in time that grows with their square."""
_LONGEST_PIECE: Final = 1_000
_LONGEST_LINE: Final = 300
_LONGEST_TURNED: Final = 90
"""Characters of a line of code that is put in order as a whole: as many as there is room for."""
_MOST_LINES: Final = 40
"""Of a paragraph that is laid out as a whole."""
_CELL_PADDING: Final = 12
"""On both sides together, as reportlab has it."""
_CODE_SIZE: Final = 9
_GREY: Final = HexColor("#60646c")
_HAIRLINE: Final = HexColor("#cdced6")
_SOFT: Final = HexColor("#f0f0f3")

_TEXT = ParagraphStyle("text", fontName=BODY, fontSize=10, leading=15, spaceAfter=5)
_META = ParagraphStyle("meta", parent=_TEXT, fontSize=8, leading=11, textColor=_GREY)
_TITLE = ParagraphStyle("title", parent=_TEXT, fontSize=17, leading=23)
_WHO = ParagraphStyle("who", parent=_TEXT, fontSize=11, leading=15, spaceBefore=12, spaceAfter=0)
_CODE = ParagraphStyle(
    "code", parent=_TEXT, fontName=MONO, fontSize=8, leading=11, backColor=_SOFT, borderPadding=4, spaceBefore=4,
    wordWrap="CJK",
)  # fmt: skip
_LONG = ParagraphStyle("long", parent=_TEXT, wordWrap="CJK", spaceAfter=0)
_CELL = ParagraphStyle("cell", parent=_TEXT, fontSize=8, leading=11, spaceAfter=0)


def write_pdf(transcript: Transcript) -> bytes:
    """The document."""
    register_fonts()
    made = io.BytesIO()
    document = SimpleDocTemplate(
        made, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
        title=transcript.title, author="", creator="ConvoSphere", lang=transcript.locale, invariant=1,
    )  # fmt: skip
    document.build(list(_story(transcript)), onFirstPage=_number_page, onLaterPages=_number_page)
    return made.getvalue()


def _story(transcript: Transcript) -> Iterator[Flowable]:
    yield from _said(transcript.title, _TITLE, is_bold=True)
    yield Paragraph(f"{transcript.begun:%Y-%m-%d}", _META)
    for turn in transcript.turns:
        yield from _turn(turn, transcript.words.files)
    if transcript.notes:
        yield HRFlowable(width="100%", color=_HAIRLINE, spaceBefore=12, spaceAfter=6)
        yield from _said(transcript.words.sources, _WHO, is_bold=True)
        for note in transcript.notes:
            yield from _flow((Run(f"{note.number}. {note.text}"),), _TEXT, f'<a name="note-{note.number}"/>')


def _turn(turn: Turn, files_word: str) -> Iterator[Flowable]:
    yield from _said(turn.speaker, _WHO, is_bold=True)
    yield Paragraph(f"{turn.moment:%Y-%m-%d %H:%M} UTC", _META)
    if turn.files:
        yield from _said(f"{files_word}: {', '.join(turn.files)}", _META)
    for picture in turn.pictures:
        yield from _picture(picture)
    for block in blocks_of(turn.text):
        yield from _block(block)
    if turn.remark:
        yield from _said(turn.remark, _META)


def _picture(picture: Picture) -> Iterator[Flowable]:
    if picture.path.is_file() and picture.width and picture.height:
        scale = min(_WIDTH / picture.width, _TALLEST / picture.height, 1)
        yield Image(str(picture.path), picture.width * scale, picture.height * scale, hAlign="LEFT")
        yield Spacer(1, 6)


def _block(block: Block) -> Iterator[Flowable]:
    text = "".join(run.text for run in block.runs)
    if block.kind != "code" and len(text) > _LONGEST_PARAGRAPH and not is_turned(text):
        yield from _pieces(text, _LONG)
        return
    indent = 12 * block.depth
    match block.kind:
        case "heading":
            size = max(15 - block.level, 10)
            style = ParagraphStyle("heading", parent=_TEXT, fontSize=size, leading=size * 1.4, spaceBefore=6)
            yield from _flow([replace(run, is_bold=True) for run in block.runs], style)
        case "item":
            style = ParagraphStyle("item", parent=_TEXT, leftIndent=indent + 14, bulletIndent=indent, spaceAfter=2)
            yield from _flow(block.runs, style, mark=block.mark)
        case "quote":
            style = ParagraphStyle("quote", parent=_TEXT, leftIndent=indent, textColor=_GREY)
            yield from _flow(block.runs, style)
        case "code":
            yield from _pieces(text, _CODE)
        case "rule":
            yield HRFlowable(width="100%", color=_HAIRLINE, spaceBefore=4, spaceAfter=6)
        case "table":
            yield from _table(block)
        case _:
            yield from _flow(block.runs, _TEXT)


def _said(text: str, style: ParagraphStyle, *, is_bold: bool = False) -> Iterator[Flowable]:
    yield from _flow((Run(text, is_bold=is_bold),), style)


def _flow(
    runs: Sequence[Run], style: ParagraphStyle, anchor: str = "", *, mark: str = "", width: float = _WIDTH
) -> Iterator[Flowable]:
    """A paragraph, with a mark before it; one with letters from right to left in the lines that it has there."""
    if not is_turned(*(run.text for run in runs)):
        yield Paragraph(f"{anchor}{_line(runs)}", style, bulletText=mark or None)
        return
    runs, style, mark = _on_its_side(runs, style, mark)
    room = width - style.leftIndent - style.rightIndent - 1
    lines = [_line(line) for line in lines_of(runs, room, partial(_measure, style.fontSize))]
    for begin in range(0, len(lines), _MOST_LINES):
        is_first, is_last = begin == 0, begin + _MOST_LINES >= len(lines)
        part = style if is_last else ParagraphStyle("part", parent=style, spaceAfter=0)
        text = "<br/>".join(lines[begin : begin + _MOST_LINES])
        yield Paragraph(f"{anchor}{text}" if is_first else text, part, bulletText=mark if mark and is_first else None)


def _on_its_side(runs: Sequence[Run], style: ParagraphStyle, mark: str) -> tuple[Sequence[Run], ParagraphStyle, str]:
    """What begins at the right is set in there, with its mark as a word of its own."""
    if direction_of("".join(run.text for run in runs)) == "L":
        return runs, style, mark
    indent = style.bulletIndent if mark else style.leftIndent
    turned = ParagraphStyle("turned", parent=style, alignment=TA_RIGHT, leftIndent=0, rightIndent=indent)
    return ([Run(f"{mark} "), *runs] if mark else runs), turned, ""


def _measure(size: float, text: str, run: Run) -> float:
    if run.is_code:
        font, own, size = MONO, MONO, min(size, _CODE_SIZE)
    else:
        font, own = BODY, f"{BODY}-Bold" if run.is_bold else BODY
    return sum(stringWidth(part, name or own, size) for part, name in set_in_fonts(text, font))


def _pieces(text: str, style: ParagraphStyle) -> Iterator[Flowable]:
    """As it is written, in pieces."""
    waiting: list[str] = []
    for line in text.split("\n"):
        is_strange = is_turned(line)
        longest = _LONGEST_TURNED if is_strange else _LONGEST_LINE
        for start in range(0, max(len(line), 1), longest):
            part = line[start : start + longest]
            waiting.append(as_shown(part) if is_strange else part)
            if sum(map(len, waiting)) + 20 * len(waiting) > _LONGEST_PIECE:
                yield _piece(waiting, style)
                waiting = []
    if waiting:
        yield _piece(waiting, style)


def _piece(lines: Sequence[str], style: ParagraphStyle) -> Paragraph:
    # Blanks at the beginning of a line stay.
    shown = (_set(line.replace("  ", "\xa0 "), style.fontName) for line in lines)
    return Paragraph(
        "<br/>".join(f"&nbsp;{line}" if line.startswith(" ") else line or "&nbsp;" for line in shown), style
    )


def _table(block: Block) -> Iterator[Flowable]:
    columns = max(map(len, block.rows), default=0)
    longest = max((sum(len(run.text) for run in cell) for row in block.rows for cell in row), default=0)
    if not columns:
        return
    if columns > _MOST_COLUMNS or longest > _LONGEST_CELL:
        lines = (" | ".join("".join(run.text for run in cell) for cell in row) for row in block.rows)
        yield from _pieces("\n".join(lines), _CODE)
        return
    turned = any(direction_of(run.text) == "R" for cell in block.rows[0] for run in cell)
    rows: list[list[Any]] = [
        [list(_flow(cell, _CELL, width=_WIDTH / columns - _CELL_PADDING)) for cell in row] + [""] * (columns - len(row))
        for row in block.rows
    ]
    rows = [row[::-1] for row in rows] if turned else rows
    look = [("GRID", (0, 0), (-1, -1), 0.5, _HAIRLINE), ("BACKGROUND", (0, 0), (-1, 0), _SOFT)]
    yield Table(rows, colWidths=[_WIDTH / columns] * columns, style=look, repeatRows=1, hAlign="LEFT")
    yield Spacer(1, 6)


def _line(runs: Sequence[Run]) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    if run.note:
        return f'<super><a href="#note-{run.note}" color="#3a5bc7">{_set(run.text)}</a></super>'
    text = _set(run.text, MONO if run.is_code else BODY).replace("\n", "<br/>")
    if run.is_code:
        text = f'<font name="{MONO}" size="{_CODE_SIZE}">{text}</font>'
    for is_set, tag in ((run.is_struck, "strike"), (run.is_italic, "i"), (run.is_bold, "b")):
        text = f"<{tag}>{text}</{tag}>" if is_set else text
    return f'<a href={quoteattr(run.href)} color="#3a5bc7">{text}</a>' if run.href else text


def _set(text: str, font: str = BODY) -> str:
    """A text with the fonts that its letters need, meaning nothing but itself."""
    return "".join(
        f'<font name="{name}">{escape(part)}</font>' if name else escape(part)
        for part, name in set_in_fonts(text, font)
    )


def _number_page(canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.saveState()
    canvas.setFont(BODY, 8)
    canvas.setFillColor(_GREY)
    canvas.drawRightString(A4[0] - _MARGIN, 10 * mm, str(document.page))
    canvas.restoreState()
