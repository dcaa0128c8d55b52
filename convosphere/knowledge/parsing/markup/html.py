"""Web pages: what a reader would see, without navigation, scripts and styles."""

import codecs
import re

from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue]  # A compiled module.
from unstructured.partition.html import partition_html

from convosphere.knowledge.parsing.blocks import Draft
from convosphere.knowledge.parsing.cleaning import has_hidden_characters
from convosphere.knowledge.parsing.decoding import decode, read_bytes
from convosphere.knowledge.parsing.errors import NoTextError, TooComplexError
from convosphere.knowledge.parsing.markup.elements import blocks_of
from convosphere.knowledge.parsing.schemas import Limits, ParseWarning, ReportProgress, WarningCode
from convosphere.knowledge.parsing.sources import Source

_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]{2,40})""", re.IGNORECASE
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DROPPED = "script style noscript nav template svg iframe object embed canvas button select textarea dialog".split()
# unstructured drops these with all they hold, but answers in a list of questions or a page inside one form are text.
_RENAMED = {
    "details": "div",
    "summary": "h6",
    "form": "div",
    "fieldset": "div",
    "figure": "div",
    "figcaption": "p",
    "label": "span",
    "dl": "div",
    "dt": "p",
    "dd": "p",
}
_META = {
    "author": "author", "article:author": "author", "dc.creator": "author", "dcterms.creator": "author",
    "description": "subject", "keywords": "keywords", "date": "created", "dc.date": "created",
    "dcterms.created": "created", "article:published_time": "created", "article:modified_time": "modified",
    "og:updated_time": "modified", "dcterms.modified": "modified", "last-modified": "modified",
}  # fmt: skip
"""Names that pages give what they say of themselves, by `name`, `property` or `http-equiv`."""


def read_html(source: Source, limits: Limits, report: ReportProgress) -> Draft:
    """Read a web page.

    Raises:
        TooComplexError: elements are nested too deeply.
        NoTextError: there is nothing but markup.
    """
    del report  # A page is read in one go.
    markup, warnings = _decode(read_bytes(source, limits.characters))
    root = _tree(_XML_DECLARATION.sub("", markup))
    _check_depth(root, limits.depth)
    title = root.findtext(".//title") or ""
    metadata = _metadata(root)
    _prune(root)
    text = etree.tostring(root, encoding="unicode", method="html")
    blocks = list(blocks_of(partition_html(text=text, languages=[""])))
    return Draft(blocks, title, warnings=warnings, metadata=metadata)


def _decode(data: bytes) -> tuple[str, list[ParseWarning]]:
    """By byte order mark, else as the page says of itself, else as any text."""
    declared = _CHARSET.search(data[:4_096])
    text = _decode_as(data, declared.group(1).decode("ascii")) if declared else None
    guessed = None
    if text is None:
        text, guessed = decode(data)
    warnings = [ParseWarning(guessed)] if guessed else []
    if has_hidden_characters(text):
        warnings.append(ParseWarning(WarningCode.HIDDEN_CHARACTERS_REMOVED))
    return text.replace("\x00", ""), warnings


def _decode_as(data: bytes, charset: str) -> str | None:
    """The text if the charset is known and fits; browsers read Latin-1 as Windows-1252."""
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    name = "cp1252" if charset.lower() in {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"} else charset
    try:
        return data.decode(name)
    except (LookupError, UnicodeError):
        return None


def _tree(source: str) -> html.HtmlElement:
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        return html.document_fromstring(source, parser=parser)
    except etree.ParserError:
        raise NoTextError from None


def _check_depth(root: html.HtmlElement, limit: int) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limit:
            raise TooComplexError


def _metadata(root: html.HtmlElement) -> dict[str, str]:
    found = {"language": root.get("lang") or ""}
    for meta in root.iter("meta"):
        called = meta.get("name") or meta.get("property") or meta.get("http-equiv") or ""
        if (name := _META.get(called.lower())) and not (meta.get("content") or "").startswith("http"):
            found.setdefault(name, meta.get("content") or "")
    return found


def _prune(root: html.HtmlElement) -> None:
    """Drop what is not seen, rename what unstructured would lose."""
    for element in list(root.iter(etree.Element)):
        if element.tag in _DROPPED or element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
            if element.getparent() is not None:
                element.drop_tree()
        elif element.tag in _RENAMED:
            element.tag = _RENAMED[element.tag]
