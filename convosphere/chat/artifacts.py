"""Pages, drawings and documents within an answer: blocks of code that can be looked at as what they make.

Which blocks those are, and in which order they stand, `assets/code_block.js` finds by the same rules.
"""

import re
from dataclasses import dataclass
from html import unescape
from typing import Literal

from markdown_it import MarkdownIt

Kind = Literal["html", "svg", "document"]

SHORTEST_DOCUMENT = 12
"""Lines from which a block of Markdown is a document of its own."""
LONGEST_TITLE = 120
_PARSER = MarkdownIt("commonmark").disable("inline")
_NAMED = re.compile(r"""\btitle\s*=\s*(?:"([^"]+)"|'([^']+)')""")
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,500})</title>", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,6} +(\S.*)$", re.MULTILINE)
_DRAWING = re.compile(r"\s*<svg[\s>]", re.IGNORECASE)
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")


@dataclass(frozen=True)
class Artifact:
    """One of them; `title` is empty where it says none itself."""

    kind: Kind
    title: str
    text: str


def find_artifacts(answer: str) -> list[Artifact]:
    """All of an answer, in their order."""
    if "```" not in answer and "~~~" not in answer:
        return []
    found: list[Artifact] = []
    for token in _PARSER.parse(answer):
        if token.type == "fence":
            language, _, note = token.info.strip().partition(" ")
            text = token.content.removesuffix("\n")
            if kind := _kind(language.lower(), text):
                found.append(Artifact(kind, _title(kind, note, text), text))
    return found


def _kind(language: str, text: str) -> Kind | None:
    if language in {"html", "htm"}:
        return "html"
    if language == "svg" or (language == "xml" and _DRAWING.match(text)):
        return "svg"
    is_document = language in {"markdown", "md"} and text.count("\n") + 1 >= SHORTEST_DOCUMENT
    return "document" if is_document else None


def _title(kind: Kind, note: str, text: str) -> str:
    named = _NAMED.search(note) or (_HEADING if kind == "document" else _TITLE).search(text)
    words = next((group for group in named.groups() if group), "") if named else ""
    if kind == "document" and named and named.re is _HEADING:
        words = _unclosed(words)
    return " ".join(_UNSEEN.sub(" ", unescape(words)).split())[:LONGEST_TITLE]


def _unclosed(heading: str) -> str:
    """Without the signs that may close a heading, which a blank parts from its words."""
    words = heading.rstrip()
    opened = words.rstrip("#")
    return opened if opened != opened.rstrip() else words
