"""What all such pages are made of. Whatever a file says stays text; pictures are made anew and stand in the page."""

from collections.abc import Callable
from html import escape
from typing import Final

import nh3

from convosphere.knowledge.parsing.decoding import decode
from convosphere.knowledge.parsing.sources import Source

_LONGEST_PAGE: Final = 4_000_000
_TAGS: Final = frozenset(
    "a b blockquote br caption code col colgroup dd del div dl dt em figure h1 h2 h3 h4 h5 h6 hr i img li ol p pre s"
    " main article header footer nav section small span strong sub sup table tbody td tfoot th thead tr u ul"
    " aside".split()
)
_ATTRIBUTES: Final = {
    "*": {"class", "dir", "id"}, "a": {"href"}, "img": {"src", "alt"}, "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}  # fmt: skip
_MADE: Final = "data:image/jpeg;base64,"
_HEAD: Final = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
_STYLE: Final = (
    "body{margin:0;padding:32px;color:#1c2024;background:#fff;font:15px/1.6 system-ui,sans-serif}"
    "body{overflow-wrap:anywhere}img{max-width:100%;height:auto}table{border-collapse:collapse;margin:12px 0}"
    "td,th{border:1px solid #d9d9e0;padding:4px 8px;vertical-align:top;text-align:start}"
    "td p{margin:0}th{background:#f0f0f3}"
    "h1{font-size:24px}h2{font-size:19px}h3{font-size:16px}h1,h2,h3{line-height:1.3}a{color:inherit}"
    ".sheet{overflow:auto;margin-bottom:32px}.sheet table{font-size:13px;font-variant-numeric:tabular-nums}"
    ".sheet th{position:sticky;top:0;color:#60646c;font-weight:500;text-align:center}.number{text-align:end}"
    ".slide{min-height:240px;margin:0 auto 24px;padding:24px 32px;border:1px solid #d9d9e0;border-radius:8px}"
    ".slide{max-width:960px}"
    ".chapter{max-width:720px;margin:0 auto 48px}.plain{max-width:720px;white-space:pre-wrap}"
    ".mail{margin-bottom:24px;padding-bottom:12px;border-bottom:1px solid #d9d9e0}.mail h1{margin-top:0}"
    ".mail dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 12px;margin:0;font-size:13px}"
    ".mail dt{color:#60646c}.mail dd{margin:0}"
    ".attached{display:flex;flex-wrap:wrap;gap:8px;margin-top:24px;padding:16px 0 0;border-top:1px solid #d9d9e0}"
    ".attached li{padding:4px 10px;border:1px solid #d9d9e0;border-radius:6px;list-style:none}"
    ".attached small{color:#60646c}"
    "mark{border-radius:3px;background:#ffe57a;scroll-margin:48px}"
    ".slide small{color:#60646c}aside{margin-top:16px;padding-top:8px;border-top:1px solid #d9d9e0;color:#60646c}"
    "@media(max-width:600px){body,.slide{padding:16px}}"
)


def html_page(source: Source, _number: int) -> bytes:
    """A page of the web, without what acts in it or stands elsewhere."""
    text, _ = decode(source.read(_LONGEST_PAGE))
    return page_of(text)


def page_of(body: str) -> bytes:
    """A whole page of what was made of a file."""
    return whole_page(cleaned(body))


def whole_page(clean: str) -> bytes:
    """A page around parts that are `cleaned`."""
    return f"{_HEAD}<style>{_STYLE}</style><body>{clean}".encode()


def cleaned(body: str, picture: Callable[[str], str] = lambda _: "") -> str:
    """Parts of a page. Its tags are those that are known; links lead only to places within it.

    `picture` gives the address, made by `Pictures`, of a picture that the page refers to; "": it is left out.
    """

    def kept(tag: str, attribute: str, value: str) -> str | None:
        if tag == "a" and attribute == "href":
            return value if value.startswith("#") else None
        if tag == "img" and attribute == "src":
            return value if value.startswith(_MADE) else picture(value) or None
        return value

    return nh3.clean(
        body, tags=set(_TAGS), clean_content_tags={"script", "style", "title"}, attributes=_ATTRIBUTES,
        attribute_filter=kept, url_schemes={"data", "cid"}, link_rel=None,
    )  # fmt: skip


def words(text: str) -> str:
    """Text as it stands in a page, line by line."""
    return "<br>".join(escape(line) for line in text.replace("\v", "\n").split("\n"))
