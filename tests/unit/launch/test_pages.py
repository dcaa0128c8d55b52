"""The bundle as visitors get it."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import brotli
import httpx
import pytest
import pytest_asyncio
from starlette.responses import PlainTextResponse

from convosphere.launch.pages import Pages

_PAGES = {
    "/": "index",
    "/chat": "chat",
    "/chat/7": "chat/[id]",
    "/people/7": "people/[id]",
    "/404": "404",
    "/index": "index",
}


@pytest.fixture
def client_directory(tmp_path: Path) -> Path:
    """A published bundle."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "__shells" / "people").mkdir(parents=True)
    for name, content in {
        "index.html": "start",
        "chat.html": "chat",
        "404.html": "unknown",
        "__spa-fallback.html": "shell",
        "__shells/people/[id].html": "people's shell",
        "i18n.js": "words",
        "assets/root-abc.js": "code",
    }.items():
        (tmp_path / name).write_text(content)
    (tmp_path / "assets" / "root-abc.js.br").write_bytes(brotli.compress(b"code"))
    return tmp_path


@pytest_asyncio.fixture
async def visitor(client_directory: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the bundle."""
    pages = Pages(PlainTextResponse("reflex"), client_directory, _PAGES.get)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages), base_url="http://test") as client:
        yield client


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/", 200, "start"),
        ("/chat", 200, "chat"),
        ("/chat/", 200, "chat"),
        ("/chat/7", 200, "shell"),
        ("/people/7", 200, "people's shell"),
        ("/nothing", 404, "unknown"),
        ("/404", 404, "unknown"),
        ("/index", 404, "unknown"),
        ("/../../etc/passwd", 404, "unknown"),
        ("/ping", 200, "reflex"),
        ("/_event", 200, "reflex"),
    ],
)
async def test_each_address_has_its_answer(visitor: httpx.AsyncClient, path: str, status: int, text: str) -> None:
    answer = await visitor.get(path)
    assert (answer.status_code, answer.text) == (status, text)


async def test_compiled_chunks_are_kept_for_ever_and_pages_asked_for_again(visitor: httpx.AsyncClient) -> None:
    chunk, page = await visitor.get("/assets/root-abc.js"), await visitor.get("/")
    assert chunk.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert page.headers["cache-control"] == (await visitor.get("/i18n.js")).headers["cache-control"] == "no-cache"


async def test_compressed_copy_goes_only_to_who_takes_it(visitor: httpx.AsyncClient) -> None:
    compressed = await visitor.get("/assets/root-abc.js", headers={"accept-encoding": "gzip, br"})
    plain = await visitor.get("/assets/root-abc.js", headers={"accept-encoding": "identity"})
    assert compressed.headers["content-encoding"] == "br"
    assert "content-encoding" not in plain.headers
    assert compressed.text == plain.text == "code"
    assert compressed.headers["etag"] != plain.headers["etag"]
    assert compressed.headers["content-type"].startswith("text/javascript")


async def test_who_takes_no_compressed_copy_gets_the_plain_text(client_directory: Path) -> None:
    (client_directory / "assets" / "root-abc.js.gz").write_bytes(gzip.compress(b"code"))
    pages = Pages(PlainTextResponse("reflex"), client_directory, _PAGES.get)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages), base_url="http://test") as visitor:
        answer = await visitor.get("/assets/root-abc.js", headers={"accept-encoding": "identity"})
    assert (answer.text, "content-encoding" in answer.headers) == ("code", False)


async def test_what_a_browser_has_is_not_sent_again(visitor: httpx.AsyncClient) -> None:
    first = await visitor.get("/")
    again = await visitor.get("/", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await visitor.get("/", headers={"if-none-match": '"other"'})).status_code == 200


async def test_pages_are_only_read(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.head("/")).status_code == 200
    assert (await visitor.post("/")).status_code == 405
