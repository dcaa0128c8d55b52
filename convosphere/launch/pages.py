"""Serves the published bundle: compressed when built, and what browsers ask for answered from memory.

What few ask for is read from disk when somebody does: other codings than the best, and what PDFs need of pdf.js.
"""

import hashlib
import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from convosphere.launch.publishing import SHELLS

_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))  # Best first.
_COMPRESSED_SUFFIXES = {".br", ".gz"}
# Its socket and its sign of life. Nobody needs its other endpoints, such as an upload that asks for no session.
_REFLEX_PATHS = {"/_event", "/_event/", "/ping"}
# Names of compiled chunks hold a hash of their content.
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_SELDOM = re.compile(r"/pdf/|/assets/pdf")


@dataclass(frozen=True)
class _File:
    media_type: str
    cache_control: str
    bodies: dict[str, bytes | Path]  # By content coding; "" is the plain one.
    hash: str

    def respond(self, request: Headers, status: int) -> Response:
        accepted = request.get("accept-encoding", "")
        coding = next((name for name, _ in _ENCODINGS if name in self.bodies and name in accepted), "")
        headers = {
            "Cache-Control": self.cache_control,
            "ETag": f'"{self.hash}{coding and "-"}{coding}"',
            "Vary": "Accept-Encoding",
        }
        if headers["ETag"] in request.get("if-none-match", "") and status == 200:
            return Response(status_code=304, headers=headers)
        if coding:
            headers["Content-Encoding"] = coding
        body = self.bodies[coding]
        return Response(body.read_bytes() if isinstance(body, Path) else body, status, headers, self.media_type)


class Pages:
    """The bundle's files, and its shell for every address that a page has; other apps' routes come first.

    Args:
        reflex: answers Reflex's own endpoints.
        client: directory of the published files.
        router: the page that an address belongs to, as Reflex matches it, or None.
    """

    def __init__(self, reflex: ASGIApp, client: Path, router: Callable[[str], str | None]) -> None:
        self._reflex = reflex
        self._files = load_files(client)
        self._router = router
        self._shell = self._files.get("/__spa-fallback.html") or self._files["/index.html"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http" or scope["path"] in _REFLEX_PATHS:
            await self._reflex(scope, receive, send)
            return
        await self._respond(scope)(scope, receive, send)

    def _respond(self, scope: Scope) -> Response:
        if scope["method"] not in {"GET", "HEAD"}:
            return Response(status_code=405, headers={"Allow": "GET, HEAD"})
        path: str = scope["path"].rstrip("/") or "/"
        request = Headers(scope=scope)
        if file := self._files.get(path):
            return file.respond(request, 200)
        if (page := self._router(path)) not in {None, "404", "index"}:
            return self._files.get(f"/{SHELLS}/{page}.html", self._shell).respond(request, 200)
        return self._files["/404.html"].respond(request, 404)


def load_files(client: Path) -> dict[str, _File]:
    """All published files by path; a page also by its address without `.html`."""
    files: dict[str, _File] = {}
    for path in client.rglob("*"):
        if path.is_dir() or path.suffix in _COMPRESSED_SUFFIXES:
            continue
        address = "/" + path.relative_to(client).as_posix()
        files[address] = file = _read(path, address)
        if address == "/index.html":
            files["/"] = file
        elif path.suffix == ".html" and path.stem not in {"404", "__spa-fallback", "index"}:
            files[address.removesuffix(".html")] = file
    return files


def _read(path: Path, address: str) -> _File:
    content = path.read_bytes()
    copies = {coding: path.with_name(path.name + suffix) for coding, suffix in _ENCODINGS}
    bodies: dict[str, bytes | Path] = {coding: copy for coding, copy in copies.items() if copy.exists()}
    bodies[""] = path
    if not _SELDOM.match(address):
        best = next(iter(bodies))
        bodies[best] = (copies.get(best) or path).read_bytes()
    return _File(
        media_type="text/javascript" if path.suffix == ".js" else mimetypes.guess_type(path.name)[0] or "text/plain",
        cache_control=_FOR_EVER if address.startswith("/assets/") else _ASK_AGAIN,
        bodies=bodies,
        hash=hashlib.sha256(content).hexdigest()[:20],
    )
