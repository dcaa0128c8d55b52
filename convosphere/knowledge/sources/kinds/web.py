"""Pages of the web: one of them, or those of a site as far as its links lead."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from convosphere.core.addresses import allow_list
from convosphere.core.i18n import t
from convosphere.core.settings import get_settings
from convosphere.knowledge.parsing.kinds import ENDINGS, DocumentType
from convosphere.knowledge.service.uploads import most_bytes
from convosphere.knowledge.sources.errors import EntryError, SourceError
from convosphere.knowledge.sources.fetching import (
    AGENT,
    Answer,
    Fetcher,
    normalised,
    open_fetcher,
    refused_status,
)
from convosphere.knowledge.sources.kinds.base import Kind, Option
from convosphere.knowledge.sources.page_addresses import NOT_FROM_SITES, may_be_taken, path_of, place_of_page
from convosphere.knowledge.sources.reading.apart import Reader
from convosphere.knowledge.sources.reading.schemas import MOST_LINKS
from convosphere.knowledge.sources.robots import MOST_BYTES, Rules, read_rules
from convosphere.knowledge.sources.schemas import Entry, Known, Options

MOST_PAGE_BYTES: Final = 10 * 1024 * 1024
MOST_WAITING: Final = 20_000
"""Links that were found and not yet followed: a page that makes up new ones for ever fills no more than that."""
_LONGEST_DELAY: Final = 10.0
_ASKED_PER_PAGE: Final = 4
_ASKED_BESIDES: Final = 100
"""Addresses that may be asked for in vain: a site of dead links is no reason to ask for ever."""
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_BY_TYPE: Final = {"application/pdf": ".pdf", "text/plain": ".txt", "text/markdown": ".md"}
_GONE: Final = frozenset({404, 410})


class WebSource:
    """Pages from one address on, at most `pages` of them, up to `depth` links away, on the same host."""

    def __init__(
        self, fetcher: Fetcher, reader: Reader, start: str, *, pages: int = 1, depth: int = 0, within: str = ""
    ) -> None:
        self.is_complete = True
        self._fetcher, self._reader = fetcher, reader
        self._pages, self._depth, self._within = pages, depth, within
        self._host = urlsplit(start).netloc
        self._robots = RobotsOf(fetcher)
        self._waiting: deque[tuple[str, int]] = deque([(start, 0)])
        self._met = {start}
        self._body: bytes | Answer = b""
        self._is_first = True

    async def entries(self, known: Mapping[str, Known]) -> AsyncGenerator[Entry]:
        """Follow the links, nearest first."""
        taken = asked = 0
        while self._waiting:
            if taken >= self._pages or asked >= self._pages * _ASKED_PER_PAGE + _ASKED_BESIDES:
                self.is_complete = False
                return
            asked += 1
            url, depth = self._waiting.popleft()
            async with self._visited(url, known) as entry:
                self._is_first = False
                if entry is None:
                    continue
                self._follow(entry, depth)
                if not entry.memo.get("noindex"):
                    taken += 1
                    yield entry

    async def read(self, entry: Entry) -> AsyncGenerator[bytes]:
        """The page that was listed last."""
        del entry
        if isinstance(self._body, bytes):
            yield self._body
            return
        async for chunk in self._body.chunks(most_bytes()):
            yield chunk

    @asynccontextmanager
    async def _visited(self, url: str, known: Mapping[str, Known]) -> AsyncGenerator[Entry | None]:
        """What an address has, as long as its answer is open; None if that is nothing to take."""
        if not await self._may_read(url):
            yield None
            return
        entry: Entry | None = None
        before = known.get(url)
        try:
            async with self._fetcher.ask(url, headers=_conditions(before)) as answer:
                entry = await self._judged(url, answer, before)
                yield entry
        except (SourceError, EntryError) as error:
            if self._is_first or entry is not None:
                raise
            name, memo = (before.name, before.memo) if before else (place_of_page(url, ".html")[1], {})
            yield Entry(url, name, problem=error.message, memo=memo)

    async def _may_read(self, url: str) -> bool:
        """Whether the site's robots.txt allows it; where it does not for the first page, there is nothing to do."""
        rules = await self._robots.of(url)
        if not rules.allows(path_of(url)):
            if self._is_first:
                raise SourceError(t("{host} asks programs not to read this page.", host=self._host))
            return False
        if not self._is_first:
            await asyncio.sleep(min(rules.delay_seconds, _LONGEST_DELAY))
        return True

    async def _judged(self, url: str, answer: Answer, before: Known | None) -> Entry | None:
        if answer.status == 304 and before:
            return Entry(url, before.name, fingerprint=before.fingerprint, memo=before.memo)
        if answer.status in _GONE and not self._is_first:
            return None
        if answer.status != 200:
            raise EntryError(refused_status(answer.status, url))
        if answer.url != url and not (self._is_led_to(answer.url) and await self._may_read(answer.url)):
            return None
        ending = ".html" if answer.content_type in _HTML else _ending(answer)
        folder, name = place_of_page(answer.url, ending)
        validators = {
            key: value[:200]
            for key, header in (("etag", "ETag"), ("modified", "Last-Modified"))
            if (value := answer.headers.get(header, ""))
        }
        if ending == ".html":
            return await self._page(Entry(answer.url, name, folder, memo=validators), answer)
        if not ending:
            return None
        self._body = answer
        return Entry(answer.url, name, folder, fingerprint="|".join(validators.values()), memo=validators)

    def _is_led_to(self, target: str) -> bool:
        """Whether what a redirect leads to is taken. Where the first page moved to is where the site is."""
        if self._is_first:
            self._host = urlsplit(target).netloc
            self._within = _around(target) if self._within else ""
        elif target in self._met or not self._is_within(target):
            return False
        self._met.add(target)
        return True

    async def _page(self, entry: Entry, answer: Answer) -> Entry:
        self._body = await answer.read(MOST_PAGE_BYTES)
        found = await self._reader.links(self._body)
        if len(found.links) >= MOST_LINKS:
            self.is_complete = False
        base = urljoin(entry.key, found.base)
        leads = [] if "nofollow" in found.robots else self._leads(base, found.links)
        memo: dict[str, str | list[str]] = {**entry.memo, "leads": leads}
        if "noindex" in found.robots and not self._is_first:
            memo["noindex"] = "yes"
        return replace(entry, fingerprint=found.digest, memo=memo)

    def _leads(self, base: str, links: Sequence[str]) -> list[str]:
        leads: dict[str, None] = {}
        for link in links:
            try:
                url = normalised(urljoin(base, link))
            except (SourceError, ValueError):
                continue
            if self._is_within(url) and may_be_taken(url):
                leads[url] = None
        return list(leads)

    def _follow(self, entry: Entry, depth: int) -> None:
        leads = entry.memo.get("leads", [])
        if depth >= self._depth or isinstance(leads, str):
            return
        for url in leads:
            if len(self._met) >= MOST_WAITING:
                self.is_complete = False
            elif url not in self._met:
                self._met.add(url)
                self._waiting.append((url, depth + 1))

    def _is_within(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.netloc == self._host and parts.path.startswith(self._within)


class RobotsOf:
    """The rules of hosts, asked once for each."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._rules: dict[str, Rules] = {}

    async def of(self, url: str) -> Rules:
        """The rules for an address.

        Raises:
            SourceError: the host does not say them now; until it does nothing may be read (RFC 9309, 2.3.1.4).
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            async with self._fetcher.ask(f"{origin}/robots.txt") as answer:
                if answer.status >= 500 or answer.status == 429:
                    raise SourceError(refused_status(answer.status, url))
                text = "" if answer.status != 200 else (await answer.read(MOST_BYTES)).decode(errors="replace")
            self._rules[origin] = await asyncio.to_thread(read_rules, text, AGENT)
        return self._rules[origin]


def _conditions(before: Known | None) -> dict[str, str]:
    if before is None or not before.sha256:
        return {}
    memo = before.memo
    headers = {"If-None-Match": memo.get("etag", ""), "If-Modified-Since": memo.get("modified", "")}
    return {key: value for key, value in headers.items() if isinstance(value, str) and value}


def _ending(answer: Answer) -> str:
    """The ending for what is no page, "" for what is not taken from sites."""
    path = urlsplit(answer.url).path
    own = path[path.rfind(".") :].lower() if "." in path.rpartition("/")[2] else ""
    ending = _BY_TYPE.get(answer.content_type) or own
    return ending if ENDINGS.get(ending, DocumentType.IMAGE) not in NOT_FROM_SITES else ""


def _around(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[0] + "/"


def checked_address(options: Options) -> Options:
    """Options with their address in its one form.

    Raises:
        SourceError: it is none of the web.
    """
    return {**options, "url": normalised(_with_scheme(options["url"]))}


def _with_scheme(url: str) -> str:
    return url if "://" in url else f"https://{url}"


@asynccontextmanager
async def _open_page(options: Options, _secret: str) -> AsyncGenerator[WebSource]:
    async with open_fetcher(allow_list(get_settings().source_hosts)) as fetcher, Reader() as reader:
        yield WebSource(fetcher, reader, options["url"])


@asynccontextmanager
async def _open_site(options: Options, _secret: str) -> AsyncGenerator[WebSource]:
    start = options["url"]
    within = _around(start) if options["below"] else ""
    async with open_fetcher(allow_list(get_settings().source_hosts)) as fetcher, Reader() as reader:
        yield WebSource(fetcher, reader, start, pages=int(options["pages"]), depth=int(options["depth"]), within=within)


_URL = Option("url", t("Address"), t("Such as https://www.example.org/."), is_required=True)
PAGE: Final = Kind(
    key="page", label=t("Web page"), description=t("One page, read again whenever it changes."), icon="file-text",
    options=(_URL,), place="url", open=_open_page, check=checked_address,
)  # fmt: skip
SITE: Final = Kind(
    key="site",
    label=t("Web site"),
    description=t("The pages of one host and the files that they lead to, as far as its robots.txt allows."),
    icon="globe",
    options=(
        _URL,
        Option("pages", t("Most pages"), default="200", input="number", least=1, most=5_000),
        Option("depth", t("How many links away"), t("From the first page on."), default="3", input="number", most=20),
        Option("below", t("Only addresses below the first one"), input="switch"),
    ),
    place="url",
    open=_open_site,
    check=checked_address,
)
