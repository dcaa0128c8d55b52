"""Files of messages in and out over HTTP, behind the gate of every route."""

import io
from collections.abc import AsyncIterator, Sequence
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest_asyncio
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Route

from convosphere.chat.routes import ROUTES
from convosphere.core.images.schemas import MOST_BYTES
from convosphere.core.permissions import Actor
from convosphere.identity.cookies import cookie_name
from convosphere.identity.ways import guard_routes
from tests.fixtures.people import People
from tests.integration.chat.test_attachments import OWLS, count, picture
from tests.integration.knowledge.conftest import Upload, Work, add, work
from tests.integration.knowledge.test_file_routes import ORIGIN, named, sign_in, unread

__all__ = ["add", "work"]

FILES = "/api/attachments"
STATE = {
    "id",
    "kind",
    "name",
    "size",
    "document_id",
    "is_ready",
    "use",
    "can_be_whole",
    "characters",
    "tokens",
    "error",
}


async def browser_of(actor: Actor, routes: Sequence[Route] = ROUTES) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(Starlette(routes=guard_routes(routes)))
    headers = {"origin": ORIGIN, "x-requested-with": "convosphere"}
    opened = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)
    opened.cookies.set(cookie_name(), await sign_in(actor))
    return opened


@pytest_asyncio.fixture
async def bob(people: People) -> AsyncIterator[httpx.AsyncClient]:
    """Bob's browser on a page of ours."""
    async with await browser_of(people.bob) as opened:
        yield opened


async def test_an_image_is_taken_shown_and_let_go(bob: httpx.AsyncClient, people: People) -> None:
    answer = await bob.post(FILES, content=picture(), headers=named("Ein Bild “<x>”.png"))
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert told.keys() == STATE
    assert (told["kind"], told["name"], told["is_ready"], told["use"]) == ("image", "Ein Bild “<x>”.png", True, "whole")
    assert told["tokens"] == 60 * 30 // 750 + 1
    shown = await bob.get(f"{FILES}/{told['id']}/image")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert shown.headers["cache-control"] == "private, no-cache"
    with Image.open(io.BytesIO(shown.content)) as image:
        assert image.size == (60, 30)
    assert (await bob.get(f"{FILES}/{told['id']}")).json() == told
    assert (await bob.delete(f"{FILES}/{told['id']}")).status_code == 204
    assert (await bob.get(f"{FILES}/{told['id']}")).status_code == 404
    assert (await bob.get(f"{FILES}/{told['id']}/image")).status_code == 404
    assert await count(people.bob, "attachment") == await count(people.bob, "stored_file") == 0


async def test_a_document_is_read_before_it_is_ready(bob: httpx.AsyncClient, work: Work) -> None:
    told = (await bob.post(FILES, content=OWLS, headers=named("owls.md"))).json()
    assert (told["kind"], told["is_ready"], told["can_be_whole"]) == ("document", False, False)
    await work()
    told = (await bob.get(f"{FILES}/{told['id']}")).json()
    assert (told["is_ready"], told["can_be_whole"], told["use"]) == (True, True, "whole")
    assert told["tokens"] == told["characters"] // 4 > 10
    assert (await bob.get(f"{FILES}/{told['id']}/image")).status_code == 404


async def test_documents_that_are_there_are_taken_by_whoever_sees_them(
    bob: httpx.AsyncClient, people: People, add: Upload, work: Work
) -> None:
    document = await add(people.ada, "owls.md", OWLS)
    await work()
    assert (await bob.post(f"{FILES}/documents/{document.id}")).status_code == 404
    async with await browser_of(people.ada) as ada:
        taken = await ada.post(f"{FILES}/documents/{document.id}")
    assert taken.status_code == 201
    assert taken.json()["document_id"] == str(document.id)


async def test_what_is_wrong_is_refused_by_name(bob: httpx.AsyncClient, people: People) -> None:
    refused = [
        (b"<svg onload=alert(1)>", named("a.png"), 422),
        (b"MZ", named("a.exe"), 422),
        (b"<svg/>", named("a.svg"), 422),
        (OWLS, {}, 422),
        (b"", named("empty.md"), 422),
        (unread(), named("no-length.md"), 411),
        (unread(), named("huge.png", **{"content-length": str(MOST_BYTES + 1)}), 413),
    ]
    for content, headers, status in refused:
        answer = await bob.post(FILES, content=content, headers=headers)
        assert answer.status_code == status, (headers, answer.text)
        assert answer.json()["text"], "a person can read why"
    for address in ("nothing", str(uuid4()), f"{uuid4()}/image", f"documents/{uuid4()}"):
        method = "POST" if address.startswith("documents") else "GET"
        assert (await bob.request(method, f"{FILES}/{address}")).status_code == 404, address
    assert await count(people.bob, "attachment") == await count(people.bob, "stored_file") == 0


async def test_others_and_other_sites_get_nowhere(bob: httpx.AsyncClient, people: People) -> None:
    told = (await bob.post(FILES, content=picture(), headers=named("owl.png"))).json()
    for other in (people.eve, people.ada, people.zoe):
        async with await browser_of(other) as theirs:
            assert (await theirs.get(f"{FILES}/{told['id']}")).status_code == 404
            assert (await theirs.get(f"{FILES}/{told['id']}/image")).status_code == 404
            await theirs.delete(f"{FILES}/{told['id']}")
    for headers in ({"origin": "https://evil.example"}, {"x-requested-with": "other"}):
        for method, address in (("POST", FILES), ("DELETE", f"{FILES}/{told['id']}")):
            body = picture() if method == "POST" else None
            answer = await bob.request(method, address, content=body, headers={**named("owl.png"), **headers})
            assert answer.status_code == 403, (method, headers)
    bob.cookies.clear()
    assert (await bob.get(f"{FILES}/{told['id']}/image")).status_code == 401
    async with await browser_of(people.bob) as again:
        assert (await again.get(f"{FILES}/{told['id']}")).status_code == 200, "nobody has taken it away"


async def test_a_name_is_only_a_name(bob: httpx.AsyncClient) -> None:
    for name, kept in {
        "../../etc/passwd.png": "passwd.png", "a\u202egnp.exe.png": None, "a\nb.png": None, "x" * 400 + ".png": None,
    }.items():  # fmt: skip
        told = (await bob.post(FILES, content=picture(), headers={"x-file-name": quote(name)})).json()
        assert told["name"] == (kept or told["name"])
        assert not set(told["name"]) & set("/\\\n\u202e"), name
        assert len(told["name"]) <= 300
