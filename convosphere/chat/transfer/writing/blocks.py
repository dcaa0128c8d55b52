"""Markdown of an answer as blocks of text in a few kinds, so that each format draws the same."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

LONGEST: Final = 300_000
"""Characters that are read as Markdown; what is longer stands there as it is written."""
NOTE: Final = "#note-"
_BULLET: Final = "•"
_LINK = re.compile(r"(?:https?|mailto):[^\s\x00-\x1f]+", re.IGNORECASE)
# No images: whoever reads the document fetches nothing by it.
_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])


@dataclass(frozen=True)
class Run:
    """Letters of one look. `note` is a footnote's number, `href` where a link leads."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    is_struck: bool = False
    is_code: bool = False
    href: str = ""
    note: int = 0


@dataclass(frozen=True)
class Block:
    """A stretch of text; `depth` counts lists and quotations around it."""

    kind: Literal["paragraph", "heading", "item", "quote", "code", "rule", "table"]
    runs: tuple[Run, ...] = ()
    level: int = 0
    depth: int = 0
    mark: str = ""
    """What stands before an item: a bullet, or its number."""
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()
    """Of a table, the first being its head."""


def blocks_of(text: str) -> list[Block]:
    """The blocks of a Markdown text."""
    if len(text) > LONGEST:
        return [Block("code", (Run(text),))]
    return list(_Reader().read(_PARSER.parse(text)))


class _Reader:
    """Goes through tokens and keeps which lists and quotations are open."""

    def __init__(self) -> None:
        self._lists: list[tuple[str, int]] = []
        self._quotes = 0
        self._mark = ""
        self._rows: list[tuple[tuple[Run, ...], ...]] = []
        self._cells: list[tuple[Run, ...]] = []
        self._level = 0
        self._is_in_cell = False

    def read(self, tokens: Sequence[Token]) -> Iterator[Block]:
        for token in tokens:
            if token.type == "inline":
                yield from self._inline(token)
            elif token.type in {"fence", "code_block"}:
                yield Block("code", (Run(token.content.rstrip("\n")),), depth=self._depth)
            elif token.type == "hr":
                yield Block("rule")
            elif token.type == "table_close":
                yield Block("table", rows=tuple(self._rows), depth=self._depth)
                self._rows = []
            else:
                self._note(token)

    def _note(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open" | "bullet_list_close" | "ordered_list_close":
                self._note_list(token)
            case "list_item_open":
                sign, count = self._lists[-1]
                self._lists[-1] = (sign, count + 1)
                self._mark = sign or f"{count + 1}."
            case "blockquote_open" | "blockquote_close":
                self._quotes += token.nesting
            case "heading_open" | "heading_close":
                self._level = int(token.tag[1]) if token.nesting == 1 else 0
            case "th_open" | "td_open" | "th_close" | "td_close":
                self._is_in_cell = token.nesting == 1
            case "tr_close":
                self._rows.append(tuple(self._cells))
                self._cells = []
            case _:
                return

    def _note_list(self, token: Token) -> None:
        if token.nesting == -1:
            self._lists.pop()
        elif token.tag == "ul":
            self._lists.append((_BULLET, 0))
        else:
            self._lists.append(("", int(token.attrs.get("start", 1)) - 1))

    def _inline(self, token: Token) -> Iterator[Block]:
        runs = tuple(_runs(token.children or ()))
        if self._is_in_cell:
            self._cells.append(runs)
            return
        mark, self._mark = self._mark, ""
        if self._level:
            yield Block("heading", runs, level=self._level)
        elif self._lists:
            yield Block("item", runs, depth=self._depth, mark=mark)
        elif self._quotes:
            yield Block("quote", runs, depth=self._quotes)
        else:
            yield Block("paragraph", runs)

    @property
    def _depth(self) -> int:
        return len(self._lists) + self._quotes


def _runs(tokens: Sequence[Token]) -> Iterator[Run]:
    look = Run("")
    for token in tokens:
        if token.type == "link_open":
            look = _linked(look, str(token.attrs.get("href", "")))
        elif token.type == "link_close":
            look = replace(look, href="", note=0)
        elif token.nesting:
            look = _looking(look, token)
        else:
            yield replace(look, text=_text(token), is_code=token.type == "code_inline")


def _text(token: Token) -> str:
    match token.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "image":
            return token.content or str(token.attrs.get("src", ""))
        case _:
            return token.content


def _linked(look: Run, href: str) -> Run:
    number = href.removeprefix(NOTE)
    if href.startswith(NOTE) and number.isascii() and number.isdigit():
        return replace(look, note=int(number))
    return replace(look, href=href) if _LINK.fullmatch(href) else look


def _looking(look: Run, token: Token) -> Run:
    is_open = token.nesting == 1
    match token.tag:
        case "strong":
            return replace(look, is_bold=is_open)
        case "em":
            return replace(look, is_italic=is_open)
        case "s":
            return replace(look, is_struck=is_open)
        case _:
            return look
