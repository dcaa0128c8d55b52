"""What addresses of pages tell: whether they are worth asking for, and what their documents are called."""

from typing import Final
from urllib.parse import unquote, urlsplit

from convosphere.files.names import clean_name
from convosphere.knowledge.parsing.kinds import ENDINGS, DocumentType
from convosphere.knowledge.sources.fetching import LONGEST_URL

NOT_FROM_SITES: Final = frozenset({DocumentType.IMAGE, DocumentType.CODE, DocumentType.ZIP, DocumentType.XML,
                                    DocumentType.JSON})  # fmt: skip
"""Types of files that sites are full of and that tell nothing by themselves."""
_NEVER: Final = frozenset(
    ".svg .ico .avif .woff .woff2 .ttf .eot .map .mp3 .mp4 .webm .ogg .wav .avi .mov .exe .dmg .iso .gz .tgz .bz2 .xz "
    ".7z .rar .deb .rpm .apk .msi .bin .wasm .zip .css .js .mjs .json .xml .rss .atom".split()
)


def may_be_taken(url: str) -> bool:
    """Whether an address is worth asking for: pictures and the like are told by their names."""
    last = urlsplit(url).path.rpartition("/")[2]
    ending = last[last.rfind(".") :].lower() if "." in last else ""
    return len(url) <= LONGEST_URL and ENDINGS.get(ending) is not DocumentType.IMAGE and ending not in _NEVER


def path_of(url: str) -> str:
    """Path and query, by which robots.txt judges."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def place_of_page(url: str, ending: str) -> tuple[str, str]:
    """Folder and name of a page: as its address, so that they stay what they are."""
    parts = urlsplit(url)
    *folders, last = (unquote(part) for part in parts.path.removeprefix("/").split("/"))
    stem = last[: -len(ending)] if last.lower().endswith(ending) else last
    stem = stem.removesuffix(".htm") or "index"
    query = f" ({unquote(parts.query)})" if parts.query else ""
    return "/".join(folders), clean_name(f"{stem}{query}".replace("/", "_")[:150] + ending)
