"""From Reflex's build to what is served: addresses of the visitor's own origin, a script policy, compressed copies."""

import base64
import gzip
import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import brotli

from convosphere.core.errors import ConfigurationError

POLICY = "script_hashes.json"
SHELLS = "__shells"
"""Directory of the shells for pages whose address holds an id, by the name of their route."""
_BUILT_FOR = "localhost:8000"  # Reflex's default, which rxconfig.py leaves alone.
_TEXT_SUFFIXES = {".css", ".html", ".js", ".json", ".map", ".mjs", ".svg", ".txt", ".webmanifest", ".xml"}
_WORTH_COMPRESSING = 512  # bytes


def publish(workshop: Path, target: Path) -> None:
    """Copy a build from Reflex's directory to `target` in the form in which it is served; all of it or nothing.

    Raises:
        ConfigurationError: the build is not of the form that this knows.
    """
    unfinished = target.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    client = unfinished / "build" / "client"
    shutil.copytree(workshop / "build" / "client", client)
    add_pdf_parts(workshop / "node_modules" / "pdfjs-dist", client)
    shutil.copytree(workshop / "backend", unfinished / "backend")
    shutil.copy2(workshop / "routes.json", unfinished / "routes.json")
    make_addresses_relative(client)
    make_shells(client)
    hashes = sorted({digest for page in client.rglob("*.html") for digest in script_hashes(page.read_text())})
    (unfinished / POLICY).write_text(json.dumps(hashes, indent=1))
    compress(client)
    unfinished.rename(target)


def add_pdf_parts(package: Path, client: Path) -> None:
    """Put what pdf.js fetches by name for some files only beside the pages: decoders of scans, and tables of letters.

    The decoders are those without WebAssembly, which our policy forbids.

    Raises:
        ConfigurationError: the package is not of the form that this knows.
    """
    parts = [*package.glob("wasm/*_nowasm_fallback.js"), *package.glob("cmaps/*.bcmap")]
    if {part.suffix for part in parts} != {".js", ".bcmap"}:
        raise ConfigurationError("pdfjs-dist lacks its decoders or its tables of letters.")
    target = client / "pdf"
    target.mkdir()
    for part in parts:
        shutil.copy2(part, target / part.name)


def make_addresses_relative(client: Path) -> None:
    """Turn the server's address, which a build fixes, into the one that the page was loaded from.

    Raises:
        ConfigurationError: there is not exactly one chunk that holds it.
    """
    chunks = [path for path in (client / "assets").glob("*.js") if f"://{_BUILT_FOR}" in path.read_text()]
    if len(chunks) != 1:
        raise ConfigurationError(f"The server's address stands in {len(chunks)} chunks of the bundle instead of one.")
    text = chunks[0].read_text()
    for quote in ('"', "'", "`"):
        text = text.replace(f"{quote}http://{_BUILT_FOR}", f"location.origin+{quote}")
        text = text.replace(f"{quote}ws://{_BUILT_FOR}", f'location.origin.replace(/^http/,"ws")+{quote}')
    if _BUILT_FOR in text:
        raise ConfigurationError("The server's address stands in the bundle in an unknown form.")
    chunks[0].write_text(text)


def make_shells(client: Path) -> None:
    """Give each page whose address holds an id a shell that asks for the page's own chunks at once.

    The common shell does not know which page it becomes, so that its chunks are asked for only when it was drawn.

    Raises:
        ConfigurationError: the build's list of routes or its shell is not of the form that this knows.
    """
    shell, manifests = client / "__spa-fallback.html", list((client / "assets").glob("manifest-*.js"))
    if len(manifests) != 1 or not shell.exists():
        raise ConfigurationError("The bundle has no single list of routes, or no shell.")
    html = shell.read_text()
    _, _, manifest = manifests[0].read_text().partition("=")
    for route in json.loads(manifest.rstrip().removesuffix(";"))["routes"].values():
        if ":" in (path := route.get("path") or ""):
            chunks = [chunk for chunk in (route["module"], *route["imports"]) if f'"{chunk}"' not in html]
            links = "".join(f'<link rel="modulepreload" href="{chunk}"/>' for chunk in chunks)
            target = client / SHELLS / f"{_route_name(path)}.html"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(html.replace("</head>", f"{links}</head>", 1))


def _route_name(path: str) -> str:
    """Reflex's name of a route for the router's: `chat/[[id]]` for `chat/:id?`."""
    return re.sub(r":(\w+)", r"[\1]", re.sub(r":(\w+)\?", r"[[\1]]", path))


def script_hashes(html: str) -> list[str]:
    """The sources of a content security policy that allow a page's inline scripts and no others."""
    collector = _InlineScripts()
    collector.feed(html)
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in collector.scripts
    ]


def compress(client: Path) -> None:
    """Put a brotli and a gzip copy beside every text that gains from it."""
    for path in [path for path in client.rglob("*") if path.suffix in _TEXT_SUFFIXES]:
        content = path.read_bytes()
        if len(content) >= _WORTH_COMPRESSING:
            path.with_name(path.name + ".br").write_bytes(brotli.compress(content, quality=11))
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, compresslevel=9, mtime=0))


class _InlineScripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and "src" not in dict(attrs):
            self._inside = True
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data
