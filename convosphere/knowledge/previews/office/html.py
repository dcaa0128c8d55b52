"""What all such pages are made of. Whatever a file says stays text; pictures are made anew and stand in the page."""

import base64
from html import escape
from typing import Final

import nh3

from convosphere.core.images.errors import ImageRefusedError
from convosphere.core.images.making import make_image
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
    ".slide small{color:#60646c}aside{margin-top:16px;padding-top:8px;border-top:1px solid #d9d9e0;color:#60646c}"
    "@media(max-width:600px){body,.slide{padding:16px}}"
)


def html_page(source: Source, _number: int) -> bytes:
    """A page of the web, without what acts in it or stands elsewhere."""
    text, _ = decode(source.read(_LONGEST_PAGE))
    return page_of(text)


def page_of(body: str) -> bytes:
    """A whole page. Its tags are those that are known; links lead only to places within it."""
    clean = nh3.clean(
        body, tags=set(_TAGS), clean_content_tags={"script", "style", "title"}, attributes=_ATTRIBUTES,
        attribute_filter=_kept, url_schemes={"data"}, link_rel=None,
    )  # fmt: skip
    return f"{_HEAD}<style>{_STYLE}</style><body>{clean}".encode()


def words(text: str) -> str:
    """Text as it stands in a page, line by line."""
    return "<br>".join(escape(line) for line in text.replace("\v", "\n").split("\n"))


def picture(data: bytes, told: str = "") -> str:
    """A picture made anew; what is none leaves its description."""
    try:
        made = make_image(data)
    except ImageRefusedError:
        return f"<p>{escape(told)}</p>" if told else ""
    return f'<img alt="{escape(told)}" src="{address_of(made.data)}">'


def address_of(jpeg: bytes) -> str:
    """A picture as an address that holds it."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def _kept(tag: str, attribute: str, value: str) -> str | None:
    if tag == "a" and attribute == "href" and not value.startswith("#"):
        return None
    if tag == "img" and attribute == "src" and not value.startswith("data:image/jpeg;base64,"):
        return None
    return value
