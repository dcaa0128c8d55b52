"""WebDAV, as Nextcloud, ownCloud and many others speak it (RFC 4918)."""

from collections import deque
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from convosphere.core.addresses import allow_list
from convosphere.core.i18n import Message, t
from convosphere.core.settings import get_settings
from convosphere.knowledge.service.uploads import most_bytes
from convosphere.knowledge.sources.errors import EntryError, SourceError
from convosphere.knowledge.sources.fetching import Fetcher, basic, normalised, open_fetcher, refused_status
from convosphere.knowledge.sources.kinds.base import Kind, Option, is_readable, place_of
from convosphere.knowledge.sources.kinds.web import checked_address
from convosphere.knowledge.sources.reading.apart import Reader
from convosphere.knowledge.sources.reading.schemas import Element
from convosphere.knowledge.sources.schemas import Entry, Known, Options

MOST_FOLDERS: Final = 5_000
MOST_ANSWER_BYTES: Final = 20 * 1024 * 1024
_WANTED: Final = (
    b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/><getetag/><getlastmodified/>'
    b"<getcontentlength/></prop></propfind>"
)


class WebDAVSource:
    """All files below a folder, asked for folder by folder: servers forbid to ask for all at once."""

    def __init__(self, fetcher: Fetcher, reader: Reader, root: str, secrets: Mapping[str, str]) -> None:
        self.is_complete = True
        self._fetcher, self._reader, self._secrets = fetcher, reader, secrets
        self._root = root if root.endswith("/") else f"{root}/"

    async def entries(self, known: Mapping[str, Known]) -> AsyncGenerator[Entry]:
        """Folder by folder."""
        del known
        waiting, met = deque([self._root]), {self._root}
        while waiting:
            for url, properties in await self._list(waiting.popleft()):
                is_folder = (properties.find("resourcetype") or Element()).find("collection") is not None
                if is_folder and url not in met:
                    if len(met) >= MOST_FOLDERS:
                        raise SourceError(t("There are more than {count} folders.", count=MOST_FOLDERS))
                    met.add(url)
                    waiting.append(url)
                elif not is_folder and (entry := self._entry(url, properties)):
                    yield entry

    async def read(self, entry: Entry) -> AsyncGenerator[bytes]:
        """The file as it is now."""
        url = str(entry.memo["url"])
        async with self._fetcher.ask(url, secrets=self._secrets) as answer:
            if answer.status != 200:
                raise EntryError(refused_status(answer.status, url))
            async for chunk in answer.chunks(most_bytes()):
                yield chunk

    async def _list(self, folder: str) -> list[tuple[str, Element]]:
        """What a folder has within: addresses and properties. What leads out of the source is left out."""
        headers = {"Depth": "1", "Content-Type": "application/xml"}
        ask = self._fetcher.ask(folder, method="PROPFIND", headers=headers, secrets=self._secrets, body=_WANTED)
        async with ask as answer:
            if answer.status != 207:
                raise SourceError(refused_status(answer.status, folder) if answer.status >= 400 else _no_webdav())
            tree = await self._reader.tree(await answer.read(MOST_ANSWER_BYTES))
        if tree.tag != "multistatus":
            raise SourceError(_no_webdav())
        found = [
            (url, (each.find("propstat") or Element()).find("prop") or Element())
            for each in tree.find_all("response")
            if (url := self._within(folder, each.value("href")))
        ]
        return [(url, properties) for url, properties in found if url.rstrip("/") != folder.rstrip("/")]

    def _within(self, folder: str, href: str) -> str:
        try:
            url = normalised(urljoin(folder, href))
        except (SourceError, ValueError):
            return ""
        return url if url.startswith(self._root) and "/../" not in url else ""

    def _entry(self, url: str, properties: Element) -> Entry | None:
        key = unquote(urlsplit(url).path.removeprefix(urlsplit(self._root).path))
        folder, name = place_of(key)
        size = properties.value("getcontentlength")
        if not is_readable(name) or size == "0":
            return None
        tag = properties.value("getetag") or f"{properties.value('getlastmodified')}|{size}".strip("|")
        return Entry(key, name, folder, fingerprint=tag[:500], memo={"url": url})


def _no_webdav() -> Message:
    return t("There is no WebDAV at this address. Nextcloud shows it under Files, Settings.")


@asynccontextmanager
async def _open(options: Options, secret: str) -> AsyncGenerator[WebDAVSource]:
    secrets = basic(options["user"], secret) if options["user"] else {}
    async with open_fetcher(allow_list(get_settings().source_hosts)) as fetcher, Reader() as reader:
        yield WebDAVSource(fetcher, reader, options["url"], secrets)


WEBDAV: Final = Kind(
    key="webdav",
    label=t("WebDAV or Nextcloud"),
    description=t("The files below a folder of a Nextcloud or another server that speaks WebDAV."),
    icon="cloud",
    options=(
        Option(
            "url", t("Address of the folder"),
            t("Such as https://cloud.example.org/remote.php/dav/files/ada/Handbook/."), is_required=True,
        ),
        Option("user", t("User name")),
    ),
    place="url",
    open=_open,
    check=checked_address,
    secret_for=("url", "user"),
    secret=Option("secret", t("Password"), t("For Nextcloud an app password, from its security settings.")),
)  # fmt: skip
