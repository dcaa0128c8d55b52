"""Lists of people over HTTP: measured before they are read, from our own pages alone, out as a harmless file."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from convosphere.admin.routes.lists import ROUTES
from convosphere.core.database import Database
from convosphere.core.identifiers import parse_id
from convosphere.core.permissions import ANONYMOUS, Actor
from convosphere.identity import ways
from convosphere.identity.people_lists import MOST_BYTES
from convosphere.identity.service import lists
from tests.fixtures.people import People

ORIGIN = "http://localhost:8000"
HEADERS = {"origin": ORIGIN, "x-requested-with": "convosphere"}
LIST = b"=HYPERLINK(1),dora@example.org,member\n"


class Cookie:
    """Whoever the browser belongs to."""

    actor: Actor = ANONYMOUS


@pytest_asyncio.fixture
async def client(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A browser; say by `Cookie.actor` whose."""
    del database

    async def resolve(_token: str) -> Actor:
        return Cookie.actor

    monkeypatch.setattr(ways, "resolve_actor", resolve)
    transport = httpx.ASGITransport(Starlette(routes=ways.guard_routes(ROUTES)))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as opened:
        yield opened


async def test_a_list_goes_in_and_links_come_out(client: httpx.AsyncClient, people: People) -> None:
    Cookie.actor = people.ada
    answer = await client.post("/api/people/lists", content=LIST, headers=HEADERS)
    assert answer.status_code == 201
    list_id = answer.json()["id"]
    await lists.send_list(people.ada, parse_id(list_id))
    assert people.ada.workspace_id
    await lists.send_lines(people.ada.workspace_id, parse_id(list_id))
    links = await client.post(f"/api/people/lists/{list_id}/links", headers=HEADERS)
    assert links.headers["content-disposition"] == 'attachment; filename="invitations.csv"'
    assert links.headers["cache-control"] == "no-store"
    assert links.text.removeprefix("\ufeff").splitlines()[1].startswith("'=HYPERLINK(1),dora@example.org,http")
    Cookie.actor = people.zoe
    assert (await client.post(f"/api/people/lists/{list_id}/links", headers=HEADERS)).status_code == 404
    Cookie.actor = people.bob
    assert (await client.post(f"/api/people/lists/{list_id}/links", headers=HEADERS)).status_code == 403


async def test_what_is_too_much_is_refused_before_it_is_read(client: httpx.AsyncClient, people: People) -> None:
    Cookie.actor = people.ada
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1_000):
            read += 100_000
            yield b"a,a@example.org\n" * 6_250

    answer = await client.post("/api/people/lists", content=endless(), headers=HEADERS)
    assert (answer.status_code, read <= MOST_BYTES + 100_000) == (413, True)
    declared = {**HEADERS, "content-length": str(MOST_BYTES + 1)}
    assert (await client.post("/api/people/lists", content=b"x", headers=declared)).status_code == 413
    lines = b"a,a@b.org\n" * 100_000
    assert len(lines) <= MOST_BYTES
    assert "5000" in str((await client.post("/api/people/lists", content=lines, headers=HEADERS)).json())


async def test_other_sites_and_strangers_hand_in_nothing(client: httpx.AsyncClient, people: People) -> None:
    Cookie.actor = people.ada
    foreign = {**HEADERS, "origin": "http://evil.example"}
    for headers in (foreign, {"x-requested-with": "convosphere"}, {"origin": ORIGIN}):
        assert (await client.post("/api/people/lists", content=LIST, headers=headers)).status_code == 403
    Cookie.actor = people.bob
    assert (await client.post("/api/people/lists", content=LIST, headers=HEADERS)).status_code == 403
    Cookie.actor = ANONYMOUS
    assert (await client.post("/api/people/lists", content=LIST, headers=HEADERS)).status_code == 401
