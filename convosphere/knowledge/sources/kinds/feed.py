"""News feeds, RSS and Atom: each entry becomes a document, and stays when the feed names it no more."""

import hashlib
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from html import escape
from typing import Final
from urllib.parse import urljoin, urlsplit

from convosphere.core.addresses import allow_list
from convosphere.core.i18n import t
from convosphere.core.lines import plain_line
from convosphere.core.settings import get_settings
from convosphere.files.names import clean_name
from convosphere.knowledge.sources.errors import EntryError, SourceError
from convosphere.knowledge.sources.fetching import Fetcher, normalised, open_fetcher, refused_status
from convosphere.knowledge.sources.kinds.base import Kind, Option
from convosphere.knowledge.sources.kinds.web import MOST_PAGE_BYTES, RobotsOf, checked_address
from convosphere.knowledge.sources.reading.apart import Reader
from convosphere.knowledge.sources.reading.schemas import Element
from convosphere.knowledge.sources.schemas import Entry, Known, Options

MOST_ENTRIES: Final = 1_000
_LONGEST_KEY: Final = 500
_WANTED: Final = {"Accept": "application/rss+xml, application/atom+xml, */*"}
_PAGE: Final = '<!doctype html><meta charset="utf-8"><title>{title}</title><h1>{title}</h1><p>{date} {link}</p>{body}'


class FeedSource:
    """A feed. Entries that it names no more are old, not gone, so `is_complete` is never so."""

    def __init__(self, fetcher: Fetcher, reader: Reader, url: str, *, takes_pages: bool) -> None:
        self.is_complete = False
        self._fetcher, self._reader, self._url = fetcher, reader, url
        self._takes_pages = takes_pages
        self._robots = RobotsOf(fetcher)
        self._item = Element()

    async def entries(self, known: Mapping[str, Known]) -> AsyncGenerator[Entry]:
        """The entries as the feed has them now."""
        del known
        async with self._fetcher.ask(self._url, headers=_WANTED) as answer:
            if answer.status != 200:
                raise SourceError(refused_status(answer.status, self._url))
            data = await answer.read(MOST_PAGE_BYTES)
        try:
            root = await self._reader.tree(data)
        except EntryError:
            root = Element()
        if root.tag not in {"rss", "feed", "rdf"}:
            raise SourceError(t("There is no RSS or Atom feed at this address."))
        channel = root.find("channel") or root
        items = [*channel.find_all("item"), *channel.find_all("entry"), *root.find_all("item")]
        by_key = {_key(item): item for item in reversed(items[:MOST_ENTRIES])}
        for key, item in reversed(by_key.items()):
            self._item = item
            title = plain_line(item.value("title"))[:120] or t("Without a title").text
            fingerprint = hashlib.sha256(item.model_dump_json().encode()).hexdigest()
            yield Entry(key, clean_name(f"{title}.html".replace("/", "-")), fingerprint=fingerprint)

    async def read(self, entry: Entry) -> AsyncGenerator[bytes]:
        """The page that the entry leads to, or what the feed itself says."""
        del entry
        link = self._link()
        if self._takes_pages and link and (await self._robots.of(link)).allows(urlsplit(link).path):
            async with self._fetcher.ask(link) as answer:
                if answer.status != 200:
                    raise EntryError(refused_status(answer.status, link))
                if answer.content_type in {"text/html", "application/xhtml+xml"}:
                    async for chunk in answer.chunks(MOST_PAGE_BYTES):
                        yield chunk
                    return
        item = self._item
        title, date = plain_line(item.value("title")), plain_line(item.value("pubdate", "updated", "published", "date"))
        anchor = f'<a href="{escape(link)}">{escape(link)}</a>' if link else ""
        page = _PAGE.format(title=escape(title), date=escape(date), link=anchor, body=_body(item))
        yield page.encode(errors="replace")

    def _link(self) -> str:
        item = self._item
        links = item.find_all("link")
        chosen = next((each for each in links if each.attributes.get("rel", "alternate") == "alternate"), None)
        address = (chosen.attributes.get("href") or chosen.text.strip()) if chosen else ""
        try:
            return normalised(urljoin(self._url, address)) if address else ""
        except (SourceError, ValueError):
            return ""


def _key(item: Element) -> str:
    link = item.find("link")
    named = item.value("guid", "id") or (link and (link.attributes.get("href") or link.text.strip()))
    if named and len(named) <= _LONGEST_KEY:
        return named
    return hashlib.sha256(f"{named}|{item.value('title')}|{item.value('pubdate', 'updated')}".encode()).hexdigest()


def _body(item: Element) -> str:
    """The fullest text there is, as HTML: feeds carry it escaped, or as elements."""
    found = item.find("encoded", "content", "description", "summary")
    if found is None:
        return ""
    if found.children:
        return "".join(_markup(child) for child in found.children)
    is_plain = found.attributes.get("type", "html") == "text"
    return f"<p>{escape(found.text)}</p>" if is_plain else found.text


def _markup(element: Element) -> str:
    inner = escape(element.text) + "".join(map(_markup, element.children))
    name = element.tag if element.tag.isalnum() else "span"
    return f"<{name}>{inner}</{name}>{escape(element.tail)}"


@asynccontextmanager
async def _open(options: Options, _secret: str) -> AsyncGenerator[FeedSource]:
    async with open_fetcher(allow_list(get_settings().source_hosts)) as fetcher, Reader() as reader:
        yield FeedSource(fetcher, reader, options["url"], takes_pages=bool(options["pages"]))


FEED: Final = Kind(
    key="feed",
    label=t("News feed"),
    description=t("The entries of an RSS or Atom feed. Old ones stay when the feed drops them."),
    icon="rss",
    options=(
        Option("url", t("Address"), t("Such as https://www.example.org/feed.xml."), is_required=True),
        Option("pages", t("Take the pages that the entries lead to"), default="on", input="switch"),
    ),
    place="url",
    open=_open,
    check=checked_address,
)
