"""Files in and out over HTTP, behind the gate of every route."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text
from starlette.applications import Starlette

from convosphere.core.identifiers import hash_token, new_id, new_token
from convosphere.core.model import utc_now
from convosphere.core.permissions import Actor
from convosphere.core.settings import get_settings
from convosphere.core.unit_of_work import unit_of_work
from convosphere.identity.cookies import cookie_name
from convosphere.identity.models import WebSession
from convosphere.identity.queries import sessions
from convosphere.identity.ways import guard_routes
from convosphere.knowledge.routes import ROUTES
from convosphere.knowledge.schemas import DocumentQuery
from convosphere.knowledge.service import documents
from tests.fixtures.people import People
from tests.integration.knowledge.conftest import Upload

ORIGIN = "http://testserver"
TEXT = b"# Holidays\n\nEverybody has thirty days.\n"


async def sign_in(actor: Actor) -> str:
    token = new_token()
    async with unit_of_work(actor) as uow:
        session = WebSession(
            token_hash=hash_token(token), account_id=uow.account_id, active_workspace_id=uow.workspace_id,
            address="", user_agent="", expires_at=utc_now() + timedelta(days=1),
        )  # fmt: skip
        sessions.add_session(uow, session)
    return token


@pytest_asyncio.fixture
async def client(people: People) -> AsyncIterator[httpx.AsyncClient]:
    """Bob's browser on a page of ours."""
    transport = httpx.ASGITransport(Starlette(routes=guard_routes(ROUTES)))
    headers = {"origin": ORIGIN, "x-requested-with": "convosphere"}
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as opened:
        opened.cookies.set(cookie_name(), await sign_in(people.bob))
        yield opened


def named(name: str, **others: str) -> dict[str, str]:
    return {"x-file-name": quote(name), **others}


async def count(actor: Actor) -> int:
    return (await documents.count_documents(actor)).total


async def unread() -> AsyncIterator[bytes]:
    pytest.fail("The body was read.")
    yield b""


async def test_a_file_is_stored_as_a_document(client: httpx.AsyncClient, people: People) -> None:
    headers = named("Über uns.md", **{"x-folder-path": quote("Team/Köln"), "x-share": "everyone"})
    answer = await client.post("/api/files", content=TEXT, headers=headers)
    assert answer.status_code == 201
    assert answer.json()["name"] == "Über uns.md"
    row = (await documents.list_documents(people.bob, DocumentQuery())).rows[0]
    assert (str(row.id), row.folder_path, row.size) == (answer.json()["id"], "Team/Köln", len(TEXT))
    others = (await documents.list_documents(people.eve, DocumentQuery())).rows[0]
    assert (others.id, others.folder_path) == (row.id, ""), "Everyone has the document, and nobody else the folder."
    again = await client.post("/api/files", content=TEXT, headers=headers)
    assert (again.json()["id"], again.json()["is_duplicate"]) == (answer.json()["id"], True)


async def test_a_file_becomes_a_version_of_what_one_may_change(
    client: httpx.AsyncClient, people: People, add: Upload
) -> None:
    first = await client.post("/api/files", content=TEXT, headers=named("a.md"))
    version_of = {"x-version-of": first.json()["id"]}
    answer = await client.post("/api/files", content=TEXT + b"!", headers=named("other.md", **version_of))
    assert (answer.status_code, answer.json()["id"], answer.json()["version"]) == (201, first.json()["id"], 2)
    same = await client.post("/api/files", content=TEXT, headers=named("copy.md"))
    assert same.json()["same_as"] == [], "No document is that file any more."
    foreign = await add(people.eve, "eve.md", TEXT, is_shared=True)
    for document_id in (str(foreign.id), str(new_id())):
        headers = named("a.md", **{"x-version-of": document_id})
        assert (await client.post("/api/files", content=unread(), headers=headers)).status_code == 404
    told = (await client.post("/api/files", content=TEXT, headers=named("mine.md"))).json()["same_as"]
    assert [(each["name"], each["can_manage"]) for each in told] == [("copy.md", True), ("eve.md", False)]


async def test_files_are_private_unless_said_otherwise(client: httpx.AsyncClient, people: People) -> None:
    await client.post("/api/files", content=TEXT, headers=named("a.md"))
    assert (await count(people.bob), await count(people.eve)) == (1, 0)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"cookie": "none=1"}, 401, "sign_in_required"),
        ({"origin": "https://evil.example"}, 403, "forbidden"),
        ({"origin": ""}, 403, "forbidden"),
        ({"x-requested-with": ""}, 403, "forbidden"),
        ({"content-length": str(300 * 1024 * 1024)}, 413, "file_too_large"),
        ({"content-length": "9" * 30}, 411, "length_required"),
        ({"content-length": "-5"}, 411, "length_required"),
        ({"content-length": "0"}, 422, "empty_file"),
        ({"x-file-name": ""}, 422, "name_missing"),
        ({"x-file-name": "virus.exe"}, 422, "unsupported_type"),
    ],
)
async def test_what_is_refused_is_refused_before_the_body_is_read(
    client: httpx.AsyncClient, people: People, headers: dict[str, str], status: int, code: str
) -> None:
    sent = {"content-length": "40", **named("a.md"), **headers}
    if "cookie" in headers:
        client.cookies.clear()
    request = client.build_request("POST", "/api/files", content=unread(), headers=sent)
    request.headers.pop("transfer-encoding", None)
    answer = await client.send(request)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await count(people.bob) == 0


async def test_a_length_that_is_not_said_is_asked_for(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/files", content=unread(), headers=named("a.md"))
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


async def test_a_full_workspace_refuses_before_the_body_is_read(
    client: httpx.AsyncClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTA_MEGABYTES", "1")
    get_settings.cache_clear()
    request = client.build_request("POST", "/api/files", content=unread(), headers=named("a.md"))
    request.headers.pop("transfer-encoding")
    request.headers["content-length"] = str(2 * 1024 * 1024)
    answer = await client.send(request)
    assert (answer.status_code, answer.json()["code"]) == (413, "quota_exceeded")
    assert await count(people.bob) == 0


@pytest.mark.parametrize("last", ["disconnect", "silence", "more"])
async def test_an_upload_that_breaks_off_leaves_nothing(
    people: People, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    monkeypatch.setattr("convosphere.files.bodies.STALLED_SECONDS", 0.05)
    app = Starlette(routes=guard_routes(ROUTES))
    messages = [{"type": "http.request", "body": b"x" * 3_000_000, "more_body": True}]
    if last == "more":
        messages.append({"type": "http.request", "body": b"x" * 3_000_000, "more_body": False})
    if last == "disconnect":
        messages.append({"type": "http.disconnect"})
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        if not messages:
            await asyncio.Event().wait()
        return messages.pop(0)

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    cookie = f"{cookie_name()}={await sign_in(people.bob)}"
    headers = {"host": "testserver", "origin": ORIGIN, "x-requested-with": "convosphere", "cookie": cookie,
               "content-length": "4000000", "x-file-name": "a.md"}  # fmt: skip
    scope = {
        "type": "http", "method": "POST", "path": "/api/files", "raw_path": b"/api/files", "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()], "http_version": "1.1",
        "scheme": "http", "server": ("testserver", 80), "client": ("127.0.0.1", 1), "root_path": "",
    }  # fmt: skip
    await app(scope, receive, send)  # pyright: ignore[reportArgumentType]
    assert sent[0]["status"] == 400
    assert await count(people.bob) == 0
    assert not [path for path in (get_settings().data / "files").rglob("*") if path.is_file()]


async def test_a_download_is_saved_and_never_shown(client: httpx.AsyncClient, people: People, add: Upload) -> None:
    uploaded = await add(people.bob, "Übersicht.html", b"<p>hello</p><script>alert(1)</script>")
    answer = await client.get(f"/api/documents/{uploaded.id}/file")
    assert answer.content == b"<p>hello</p><script>alert(1)</script>"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=utf-8''%C3%9Cbersicht.html"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("sandbox")


async def test_a_part_of_a_file_can_be_had(client: httpx.AsyncClient, people: People, add: Upload) -> None:
    uploaded = await add(people.bob, "digits.txt", b"0123456789")
    address = f"/api/documents/{uploaded.id}/file"
    part = await client.get(address, headers={"range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, b"2345")
    assert (await client.get(address, headers={"range": "bytes=20-"})).status_code == 416


async def test_nobody_downloads_what_they_may_not_see(client: httpx.AsyncClient, people: People, add: Upload) -> None:
    private = await add(people.eve, "private.md", TEXT)
    foreign = await add(people.zoe, "foreign.md", TEXT, is_shared=True)
    for identity_ in (private.id, foreign.id, new_id(), "x", "../../etc/passwd"):
        answer = await client.get(f"/api/documents/{identity_}/file")
        assert answer.status_code == 404
    await documents.share_documents(people.eve, [private.id], with_everyone=True)
    assert (await client.get(f"/api/documents/{private.id}/file")).status_code == 200
    await documents.share_documents(people.eve, [private.id], with_everyone=False)
    assert (await client.get(f"/api/documents/{private.id}/file")).status_code == 404
    client.cookies.clear()
    assert (await client.get(f"/api/documents/{private.id}/file")).status_code == 401


ODD_NAMES = [
    'a"; filename="evil.exe.md', "a'b;c=d.md", "ä € 日本.md", "a\r\nSet-Cookie: x=1.md", "%0d%0aX-Evil: 1.md",
    "\u202egpj.md", "../../etc/passwd.md", "..\\..\\a.md", "n" * 300 + ".md", "a\x00b.md", " .md",
    "<script>alert(1)</script>.html",
]  # fmt: skip


async def test_no_name_breaks_out_of_the_header(client: httpx.AsyncClient, people: People) -> None:
    stored = 0
    for name in ODD_NAMES:
        uploaded = await client.post("/api/files", content=TEXT + name.encode(), headers=named(name))
        if uploaded.status_code == 422:
            continue
        stored += 1
        answer = await client.get(f"/api/documents/{uploaded.json()['id']}/file", headers={"sec-fetch-dest": "iframe"})
        [disposition] = answer.headers.get_list("content-disposition")
        assert re.fullmatch(r"attachment; filename(=\"[^\"\\;/]*\"|\*=utf-8''[\w%.~!$&'()*+-]+)", disposition), name
        assert disposition.isprintable()
        assert answer.headers["content-type"] == "application/octet-stream"
        assert {"set-cookie", "x-evil"}.isdisjoint(answer.headers)
    assert stored == await count(people.bob) > 8


RANGES = [
    "bytes=0-", "bytes=-5", "bytes=5-2", "bytes=-0", f"bytes={'9' * 400}-", "bytes=a-b", "bytes=", "lines=1-2",
    "bytes=" + ",".join(f"{start}-" for start in range(9)), f"bytes={'0-0,' * 2_000}0-0", f"bytes={'-' * 5_000}",
]  # fmt: skip


async def test_no_range_gives_more_than_the_file(client: httpx.AsyncClient, people: People, add: Upload) -> None:
    uploaded = await add(people.bob, "digits.txt", b"0123456789")
    for asked in RANGES:
        answer = await client.get(f"/api/documents/{uploaded.id}/file", headers={"range": asked})
        assert answer.status_code in {200, 206, 400, 416}
        assert len(answer.content) < 2_000
        assert answer.status_code >= 400 or answer.headers["content-disposition"].startswith("attachment")


async def test_a_version_is_no_way_round_its_document(client: httpx.AsyncClient, people: People, add: Upload) -> None:
    own, private = await add(people.bob, "own.md", TEXT), await add(people.eve, "private.md", b"# Private\n")
    async with unit_of_work(people.eve) as uow:
        versions = list(await uow.session.scalars(text("SELECT current_version_id FROM document")))
        hashes = list(await uow.session.scalars(text("SELECT sha256 FROM stored_file")))
    assert len(versions) == len(hashes) == 2
    for guess in (
        *versions,
        *hashes,
        f"{own.id}/../{private.id}",
        str(private.id).upper(),
        str(private.id).replace("-", ""),
    ):
        assert (await client.get(f"/api/documents/{guess}/file")).status_code == 404, guess
