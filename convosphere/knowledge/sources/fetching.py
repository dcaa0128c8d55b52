"""Asking the servers of sources: bounded in everything, and only at addresses that may be called."""

import asyncio
import base64
import ssl
import time
import zlib
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urljoin, urlsplit, urlunsplit

import aiohttp
from yarl import URL

from convosphere.core.addresses import AddressNotAllowedError, AllowList, literal_address, open_guarded_session
from convosphere.core.i18n import Message, t
from convosphere.files.service import MEGABYTE
from convosphere.knowledge.sources.errors import EntryError, SourceBlockedError, SourceError

CONNECT_SECONDS: Final = 10.0
SILENCE_SECONDS: Final = 30.0
BODY_SECONDS: Final = 600.0
LONGEST_URL: Final = 1_900
MOST_REDIRECTS: Final = 5
AGENT: Final = "ConvoSphere"
_CHUNK: Final = 64 * 1024
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass
class Answer:
    """What a server said, before its body. `url` is where the redirects ended."""

    url: str
    status: int
    headers: Mapping[str, str]
    _body: aiohttp.StreamReader

    @property
    def content_type(self) -> str:
        """What the server says the body is, in lower case and without parameters; it may lie."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    async def chunks(self, most: int) -> AsyncGenerator[bytes]:
        """The body, unpacked, up to so many bytes whatever the server announced.

        Raises:
            EntryError: there is more, or it cannot be unpacked.
        """
        announced = self.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced[:20]) > most:
            raise EntryError(too_large(most))
        unpack = _unpacker(self.headers.get("Content-Encoding", ""))
        received = came = 0
        until = time.monotonic() + BODY_SECONDS
        with _told(self.url):
            async for packed in self._body.iter_chunked(_CHUNK):
                came += len(packed)
                for chunk in unpack(packed, most - received):
                    received += len(chunk)
                    yield chunk
                if max(came, received) > most:
                    raise EntryError(too_large(most))
                if time.monotonic() > until:
                    raise EntryError(t("This comes so slowly that it was given up."))

    async def read(self, most: int) -> bytes:
        """The whole of it.

        Raises:
            EntryError: as `chunks`.
        """
        return b"".join([chunk async for chunk in self.chunks(most)])


class Fetcher:
    """A client of one source's servers. `secrets` go to the origin that they are for and no other."""

    def __init__(self, session: aiohttp.ClientSession, allowed: AllowList) -> None:
        self._session = session
        self._allowed = allowed

    @asynccontextmanager
    async def ask(
        self, url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None, body: bytes | None = None,
    ) -> AsyncGenerator[Answer]:  # fmt: skip
        """Ask a server, and follow its redirects, each of which is judged like the first address.

        Raises:
            SourceError: it does not answer, or may not be asked.
        """
        origin = _origin(url)
        for _ in range(MOST_REDIRECTS + 1):
            own = secrets if secrets and _origin(url) == origin else {}
            said = {"User-Agent": AGENT, "Accept-Encoding": "gzip", **(headers or {}), **own}
            with _told(url):
                async with self._once(url, method, said, body) as response:
                    target = response.headers.get("Location", "")
                    if response.status not in _REDIRECTS or not target:
                        yield Answer(url, response.status, response.headers, response.content)
                        return
            url = normalised(urljoin(url, target[:LONGEST_URL]))
        raise SourceError(t("{host} leads from one address to the next without end.", host=host_of(url)))

    def _once(
        self, url: str, method: str, headers: Mapping[str, str], body: bytes | None
    ) -> "aiohttp.client._RequestContextManager":
        parts = urlsplit(url)
        host, port = parts.hostname or "", port_of(url)
        literal = literal_address(host)
        # The session's resolver is asked for names alone.
        if literal is not None and not self._allowed.allows(host, port, str(literal)):
            raise blocked(url)
        return self._session.request(
            method, URL(url, encoded=True), headers=headers, data=body, allow_redirects=False, auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=SILENCE_SECONDS),
        )  # fmt: skip


@asynccontextmanager
async def open_fetcher(allowed: AllowList) -> AsyncGenerator[Fetcher]:
    """A client as long as the block runs."""
    async with open_guarded_session(allowed, CONNECT_SECONDS) as session:
        yield Fetcher(session, allowed)


def normalised(url: str) -> str:
    """An address in the one form that it is known by: no fragment, small host, no needless port.

    Raises:
        SourceError: it is no address of the web.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host.encode("idna").decode() if not host.isascii() else host
    except (ValueError, UnicodeError):
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc or len(url) > LONGEST_URL:
        raise SourceError(t("Please enter an address such as https://www.example.org/."))
    place = f"[{host}]" if ":" in host else host
    if port and port != (443 if parts.scheme == "https" else 80):
        place = f"{place}:{port}"
    clean = URL(urlunsplit((parts.scheme, place, parts.path or "/", parts.query, "")))
    return str(clean)


def basic(user: str, password: str) -> dict[str, str]:
    """The header that says who one is by name and password."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def blocked(url: str) -> SourceBlockedError:
    """What to say of an address that may not be called, with the setting that would open it."""
    host, port = host_of(url), port_of(url)
    return SourceBlockedError(host, f"[{host}]:{port}" if ":" in host else f"{host}:{port}")


def too_large(most: int) -> Message:
    """What to say of a thing with more bytes than are taken."""
    return t("This is larger than {megabytes} MB, the most that is taken.", megabytes=max(1, most // MEGABYTE))


def refused_status(status: int, url: str) -> Message:
    """What to say of an answer that is none."""
    host = host_of(url)
    if status in {401, 403}:
        return t("{host} does not let us in ({status}). Please check name and password.", host=host, status=status)
    if status in {404, 410}:
        return t("{host} has nothing at this address ({status}). Please check it.", host=host, status=status)
    if status == 429:
        return t(
            "{host} says that it is asked too often ({status}). It is tried again later.", host=host, status=status
        )
    return t("{host} answered with the error {status}. It is tried again later.", host=host, status=status)


@contextmanager
def _told(url: str) -> Iterator[None]:
    """In plain words, whatever the way to a server breaks with."""
    host = host_of(url)
    try:
        yield
    except aiohttp.ClientConnectorDNSError as error:
        if isinstance(error.os_error, AddressNotAllowedError):
            raise blocked(url) from None
        raise SourceError(
            t("No server of the name {host} is known. Please check how it is written.", host=host)
        ) from None
    except aiohttp.InvalidURL:
        raise SourceError(t("Please enter an address such as https://www.example.org/.")) from None
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError, ssl.SSLError):
        raise SourceError(
            t("The certificate of {host} is not trusted, so nothing was read from it.", host=host)
        ) from None
    except TimeoutError:
        raise SourceError(t("{host} did not answer in time. It is tried again later.", host=host)) from None
    except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError):
        raise SourceError(t("{host} does not answer, or broke off. It is tried again later.", host=host)) from None


def _unpacker(encoding: str) -> Callable[[bytes, int], Iterator[bytes]]:
    match encoding.strip().lower():
        case "" | "identity":
            return lambda packed, _most: iter([packed])
        case "gzip" | "x-gzip" | "deflate":
            return partial(_inflated, zlib.decompressobj(wbits=zlib.MAX_WBITS | 32))
        case _:
            raise EntryError(t("The server sent it packed in a way that is not understood."))


def _inflated(unpacked: "zlib._Decompress", packed: bytes, most: int) -> Iterator[bytes]:
    """Some bytes at a time, and one more than may come at most: a few kilobytes can become gigabytes."""
    try:
        while packed and most >= 0:
            chunk = unpacked.decompress(packed, _CHUNK)
            most -= len(chunk)
            yield chunk
            packed = unpacked.unconsumed_tail
    except zlib.error:
        raise EntryError(t("The server sent it packed in a way that is not understood.")) from None


def _origin(url: str) -> tuple[str, str, int]:
    return urlsplit(url).scheme, host_of(url), port_of(url)


def host_of(url: str) -> str:
    """The name of its server."""
    return urlsplit(url).hostname or ""


def port_of(url: str) -> int:
    """Its port, the usual one if it names none."""
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)
