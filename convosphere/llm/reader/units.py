"""A passage into the units that can be quoted: sentences, list items, table rows, blocks of code."""

import re
from dataclasses import dataclass, field
from typing import Literal

from convosphere.llm.reader.sentences import split_sentences
from convosphere.llm.schemas import Passage

Kind = Literal["sentence", "item", "row", "code"]

LONGEST_HEADING = 90
SHORT_HEADING = 40
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_ITEM = re.compile(r"^\s*(?P<mark>[-*•‣▪–+]|\(?\d{1,2}[.)]|[a-z]\))\s+(?P<text>\S.*)$")
_ROW = re.compile(r"^\s*\|(.+)\|\s*$")
_RULE = re.compile(r"^\s*\|?[\s:|-]*-[\s:|-]*\|?\s*$|^\s*([*_=-]\s*){3,}$")
_PAIR = re.compile(r"^[A-ZÄÖÜ][^:.!?]{1,40}:\s+\S.{0,120}$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])")
_BRACKETED_NUMBER = re.compile(r"\[(\d+(?:\s*[,–-]\s*\d+)*)\]")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<!--.*?-->")


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that can be quoted as it stands.

    `group` numbers the paragraph, list or table that it is part of; `names` are a table's heads, which `text` repeats.
    """

    passage: Passage
    place: int
    kind: Kind
    text: str
    heading: str
    lead: str
    group: int
    ordered: bool = False
    names: str = ""


def split_units(passage: Passage) -> list[Unit]:
    """The units of a passage in order; headings and questions become the context of what follows them."""
    splitter = _Splitter(passage)
    for line in passage.text.replace("\r\n", "\n").replace("\u00ad", "").split("\n"):
        splitter.read(line)
    splitter.end()
    return splitter.units


def plain(text: str) -> str:
    """A text without the marks that would act in the answer: emphasis, links, images, tags, foreign citations."""
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", _TAG.sub("", text)))
    text = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))
    return " ".join(_BRACKETED_NUMBER.sub(r"(\1)", text).split())


@dataclass
class _Splitter:
    passage: Passage
    units: list[Unit] = field(default_factory=list)
    _paragraph: list[str] = field(default_factory=list)
    _code: list[str] | None = None
    _item: str = ""
    _ordered: bool = False
    _header: list[str] = field(default_factory=list)
    _first_row: list[str] = field(default_factory=list)
    _headings: dict[int, str] = field(default_factory=dict)
    _lead: str = ""
    _group: int = 0
    _in: Kind | Literal[""] = ""

    def read(self, line: str) -> None:
        """Take in one line."""
        if self._code is not None or _FENCE.match(line):
            self._read_code(line)
        elif not line.strip():
            self._end_paragraph()
            self._end_item()
            self._header = []
        elif heading := _HEADING.match(line):
            self.end()
            self._start_section(len(heading[1]), heading[2])
        elif _RULE.match(line):
            # Only a rule makes a row a table's head: a passage may begin in the middle of a table.
            self._header, self._first_row = self._first_row or self._header, []
            self._end_paragraph()
        elif row := _ROW.match(line):
            self._read_row([plain(cell) for cell in row[1].split("|")])
        elif item := _ITEM.match(line):
            self._start_item(item)
        elif self._item:
            self._item += f" {line.strip()}"
        else:
            self._paragraph.append(line.strip())

    def end(self) -> None:
        """Finish what is open."""
        self._end_paragraph()
        self._end_item()
        if self._code:
            self._add("code", "\n".join(self._code))
        self._code, self._header, self._in = None, [], ""

    def _read_code(self, line: str) -> None:
        if self._code is None:
            self._end_paragraph()
            self._end_item()
            self._code = []
        elif _FENCE.match(line):
            if self._code:
                self._add("code", "\n".join(self._code))
            self._code = None
        else:
            self._code.append(line)

    def _read_row(self, cells: list[str]) -> None:
        self._end_paragraph()
        self._end_item()
        if not self._header:
            self._first_row = cells
            return
        named = [f"{name} {cell}" for name, cell in zip(self._header[1:], cells[1:], strict=False) if cell]
        text = f"{cells[0]}: {cells[1]}" if len(cells) == 2 else f"{cells[0]}: {', '.join(named)}"
        self._add("row", text, names=" ".join(self._header))

    def _end_first_row(self) -> None:
        """A row without a head above it."""
        first, *others = [cell for cell in self._first_row if cell] or [""]
        self._first_row = []
        if first:
            self._add("row", f"{first}: {', '.join(others)}" if others else first)

    def _start_item(self, item: re.Match[str]) -> None:
        self._end_paragraph()
        self._end_item()
        self._item = item["text"].strip()
        self._ordered = item["mark"].strip("().").isdigit()

    def _end_item(self) -> None:
        if self._item:
            self._add("item", plain(self._item))
            self._item = ""

    def _end_paragraph(self) -> None:
        self._end_first_row()
        lines, self._paragraph = self._paragraph, []
        if not lines:
            return
        self._header = []
        self._in = ""
        if self._lead.endswith("?") and self.units and self.units[-1].lead == self._lead:
            self._lead = ""
        if _is_heading(lines[0]) and (len(lines) == 1 or _stands_over(lines[0], lines[1])):
            self._start_section(9 if self._headings or self.units else 1, lines.pop(0))
        if not lines:
            return
        if sum(bool(_PAIR.match(line)) for line in lines) >= 2:
            for line in lines:
                self._add("item", plain(line))
            return
        for sentence in split_sentences(plain(_join_lines(lines)), self.passage.language):
            self._add_sentence(sentence)

    def _add_sentence(self, sentence: str) -> None:
        if sentence.endswith("?"):
            self._lead = sentence  # In lists of questions and answers it belongs to what follows.
            return
        if self._lead.endswith(":"):
            self._lead = ""
        self._add("sentence", sentence)
        if sentence.endswith(":"):
            self._lead = sentence

    def _start_section(self, level: int, heading: str) -> None:
        """A heading ends those of its level and below; the ones above go on."""
        self._headings = {key: text for key, text in self._headings.items() if key < level}
        self._headings[level] = plain(heading)
        self._lead = ""

    def _add(self, kind: Kind, text: str, names: str = "") -> None:
        if kind != self._in:
            self._group += 1
            self._in = kind
        heading = " ".join(self._headings.values())
        ordered = kind == "item" and self._ordered
        place = len(self.units)
        self.units.append(Unit(self.passage, place, kind, text, heading, self._lead, self._group, ordered, names))


def _is_heading(line: str) -> bool:
    words = line.split()
    return (
        len(line) <= LONGEST_HEADING
        and len(words) <= 10
        and not line.rstrip("*_ ").endswith((".", "!", "?", ":", ";", ","))
    )


def _stands_over(line: str, following: str) -> bool:
    """Whether a short first line is a heading that no empty line sets off, as in text from PDF files."""
    return len(line) <= SHORT_HEADING and len(line.split()) <= 5 and following[:1].isupper() and not _PAIR.match(line)


def _join_lines(lines: list[str]) -> str:
    """Hard-wrapped lines as one; a word that was parted at a line's end is one again."""
    text = lines[0]
    for line in lines[1:]:
        if text.endswith("-") and text[-2:-1].isalpha() and line[:1].islower() and not _keeps_hyphen(line):
            text = text[:-1] + line
        else:
            text += ("" if text.endswith("-") and not _keeps_hyphen(line) else " ") + line
    return text


def _keeps_hyphen(line: str) -> bool:
    """`Vor-` before `und Nachname` is no parted word."""
    return line.startswith(("und ", "oder ", "and ", "or ", "bzw"))
